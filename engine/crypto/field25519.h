#pragma once

#include "engine/base/bytes.h"
#include "engine/base/wide_int.h"

namespace nym::crypto {

/// A number modulo p = 2^255 - 19 as five limbs of 51 bits, least significant first. Internal to the curve arithmetic.
/// A "tight" element, as multiply, square and scale return it, has limbs below 2^51 + 2^14. Sums and differences of two
/// tight elements are "loose" (limbs below 2^53): good as factors, not as operands of another difference.
/// Nothing here branches on a value or indexes memory by one.
struct FieldElement {
  std::array<std::uint64_t, 5> limbs{};
};

inline constexpr FieldElement kFieldZero{};
inline constexpr FieldElement kFieldOne{{1, 0, 0, 0, 0}};
inline constexpr std::uint64_t kLimbMask = (std::uint64_t{1} << 51U) - 1;

/// 255 bits; the top bit of the last byte is ignored. The result is tight but perhaps not below p.
FieldElement load_field(FixedView<32> bytes);
/// The canonical encoding, below p, of a tight element.
ByteArray<32> store_field(const FieldElement& a);
/// a^(p-2): the inverse, and zero for zero.
FieldElement invert(const FieldElement& a);
/// Whether a tight element is the square of another; zero is.
bool is_square(const FieldElement& a);

inline FieldElement add(const FieldElement& a, const FieldElement& b) {
  return {{a.limbs[0] + b.limbs[0], a.limbs[1] + b.limbs[1], a.limbs[2] + b.limbs[2], a.limbs[3] + b.limbs[3],
           a.limbs[4] + b.limbs[4]}};
}

/// Adds 2p first, so that no limb goes below zero.
inline FieldElement subtract(const FieldElement& a, const FieldElement& b) {
  constexpr std::uint64_t kLowest = 2 * (kLimbMask - 18);
  constexpr std::uint64_t kOther = 2 * kLimbMask;
  return {{a.limbs[0] + kLowest - b.limbs[0], a.limbs[1] + kOther - b.limbs[1], a.limbs[2] + kOther - b.limbs[2],
           a.limbs[3] + kOther - b.limbs[3], a.limbs[4] + kOther - b.limbs[4]}};
}

/// Brings column sums below 2^113, c3 below 2^111 and c4 below 2^109, to a tight element; 2^255 counts as 19. In two
/// rounds all limbs carry at the same time: that is faster than one round in which each waits for the one before.
inline FieldElement carry_columns(Uint128 c0, Uint128 c1, Uint128 c2, Uint128 c3, Uint128 c4) {
  auto low = [](Uint128 column) { return static_cast<std::uint64_t>(column) & kLimbMask; };
  auto high = [](Uint128 column) { return static_cast<std::uint64_t>(column >> 51U); };
  std::uint64_t r0 = low(c0) + high(c4) * 19;
  std::uint64_t r1 = low(c1) + high(c0);
  std::uint64_t r2 = low(c2) + high(c1);
  std::uint64_t r3 = low(c3) + high(c2);
  std::uint64_t r4 = low(c4) + high(c3);
  return {{(r0 & kLimbMask) + (r4 >> 51U) * 19, (r1 & kLimbMask) + (r0 >> 51U), (r2 & kLimbMask) + (r1 >> 51U),
           (r3 & kLimbMask) + (r2 >> 51U), (r4 & kLimbMask) + (r3 >> 51U)}};
}

inline FieldElement multiply(const FieldElement& a, const FieldElement& b) {
  auto times = [](std::uint64_t x, std::uint64_t y) { return static_cast<Uint128>(x) * y; };
  const auto& [a0, a1, a2, a3, a4] = a.limbs;
  const auto& [b0, b1, b2, b3, b4] = b.limbs;
  std::uint64_t b1_19 = b1 * 19;
  std::uint64_t b2_19 = b2 * 19;
  std::uint64_t b3_19 = b3 * 19;
  std::uint64_t b4_19 = b4 * 19;
  return carry_columns(times(a0, b0) + times(a1, b4_19) + times(a2, b3_19) + times(a3, b2_19) + times(a4, b1_19),
                       times(a0, b1) + times(a1, b0) + times(a2, b4_19) + times(a3, b3_19) + times(a4, b2_19),
                       times(a0, b2) + times(a1, b1) + times(a2, b0) + times(a3, b4_19) + times(a4, b3_19),
                       times(a0, b3) + times(a1, b2) + times(a2, b1) + times(a3, b0) + times(a4, b4_19),
                       times(a0, b4) + times(a1, b3) + times(a2, b2) + times(a3, b1) + times(a4, b0));
}

inline FieldElement square(const FieldElement& a) {
  auto times = [](std::uint64_t x, std::uint64_t y) { return static_cast<Uint128>(x) * y; };
  const auto& [a0, a1, a2, a3, a4] = a.limbs;
  std::uint64_t a0_2 = a0 * 2;
  std::uint64_t a1_2 = a1 * 2;
  std::uint64_t a2_2 = a2 * 2;
  std::uint64_t a3_19 = a3 * 19;
  std::uint64_t a4_19 = a4 * 19;
  return carry_columns(
      times(a0, a0) + times(a1_2, a4_19) + times(a2_2, a3_19), times(a0_2, a1) + times(a2_2, a4_19) + times(a3, a3_19),
      times(a0_2, a2) + times(a1, a1) + times(2 * a3, a4_19), times(a0_2, a3) + times(a1_2, a2) + times(a4, a4_19),
      times(a0_2, a4) + times(a1_2, a3) + times(a2, a2));
}

/// a * factor for a factor below 2^17.
inline FieldElement scale(const FieldElement& a, std::uint64_t factor) {
  auto times = [factor](std::uint64_t x) { return static_cast<Uint128>(x) * factor; };
  return carry_columns(times(a.limbs[0]), times(a.limbs[1]), times(a.limbs[2]), times(a.limbs[3]), times(a.limbs[4]));
}

/// Exchanges a and b when `bit` is 1, leaves them when it is 0.
inline void swap_if(std::uint64_t bit, FieldElement& a, FieldElement& b) {
  std::uint64_t mask = 0 - bit;
  auto swap_limb = [mask](std::uint64_t& x, std::uint64_t& y) {
    std::uint64_t difference = mask & (x ^ y);
    x ^= difference;
    y ^= difference;
  };
  swap_limb(a.limbs[0], b.limbs[0]);
  swap_limb(a.limbs[1], b.limbs[1]);
  swap_limb(a.limbs[2], b.limbs[2]);
  swap_limb(a.limbs[3], b.limbs[3]);
  swap_limb(a.limbs[4], b.limbs[4]);
}

}  // namespace nym::crypto
