#pragma once

#include <span>

#include "engine/crypto/curve25519.h"
#include "engine/crypto/field25519.h"

namespace nym::crypto {

inline constexpr std::uint64_t kCurveCoefficient = 121665;  // (A - 2) / 4

/// The u-coordinate x / z, infinity when z is zero. Limbs below 2^51 + 2^15: factors, or what store_field takes.
struct Fraction {
  FieldElement x;
  FieldElement z;
};

/// A Montgomery ladder for several multiplications side by side: results[i] = u(jobs[i].scalar * jobs[i].point); the
/// products inside the jobs are not touched. Constant time in scalars and points.
using Ladder = void (*)(std::span<const Multiplication> jobs, std::span<Fraction> results);

/// The ladders of processors with 512-bit vectors and their 52-bit multiplications (AVX-512 IFMA).
struct VectorLadders {
  static constexpr std::size_t kWide = 8;
  static constexpr std::size_t kPair = 2;
  Ladder wide;  ///< 1 to 8 jobs, one in each lane
  Ladder pair;  ///< 1 or 2 jobs, the factors of each step in four lanes: a third of the time of `wide`
};
/// Null when this processor has no such instructions.
const VectorLadders* vector_ladders();

/// What needs nothing special: a ladder, and for the base point something faster.
Fraction scalar_ladder(FixedView<32> n, FixedView<32> u);
Fraction multiply_base_by_tables(FixedView<32> n);

/// multiply_all with these ladders, or by what needs nothing special when there are none.
void multiply_all_with(const VectorLadders* vectors, std::span<Multiplication> jobs);

/// How many multiplications share an inversion, which takes as long as 250 multiplications of the field.
inline constexpr std::size_t kMostFractions = 32;
/// jobs[i].product = x / z of fractions[i] as a canonical encoding, 32 zero bytes for infinity. At most kMostFractions.
void divide_all(std::span<const Fraction> fractions, std::span<Multiplication> jobs);

}  // namespace nym::crypto
