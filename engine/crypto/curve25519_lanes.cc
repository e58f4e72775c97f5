#include "engine/crypto/curve25519_lanes.h"

#if defined(__x86_64__)

#include <algorithm>

#include "engine/base/check.h"
#include "engine/crypto/field25519_lanes.h"

namespace nym::crypto {
namespace {

using lanes::Lanes;

constexpr std::size_t kLanes = 8;

// 256-bit numbers, one in each lane; least significant word first.
struct Words {
  __m512i words[4];
};

// What a multiplication reads.
enum class Factor { scalar, point };

// Every job in `copies` lanes next to each other; the last job also in those that remain.
NYM_LANES_INLINE Words load_words(std::span<const Multiplication> jobs, std::size_t copies, Factor which) {
  alignas(64) std::uint64_t words[4][kLanes];
  for (std::size_t lane = 0; lane < kLanes; ++lane) {
    const auto& job = jobs[std::min(lane / copies, jobs.size() - 1)];
    const std::uint8_t* bytes = which == Factor::scalar ? job.scalar.data() : job.point.data();
    for (std::size_t i = 0; i < 4; ++i) std::memcpy(&words[i][lane], bytes + 8 * i, 8);
  }
  Words loaded{{_mm512_load_si512(words[0]), _mm512_load_si512(words[1]), _mm512_load_si512(words[2]),
                _mm512_load_si512(words[3])}};
  wipe({reinterpret_cast<std::uint8_t*>(words), sizeof words});
  return loaded;
}

// As load_field.
NYM_LANES_INLINE Lanes to_limbs(const Words& from) {
  __m512i mask = lanes::spread(kLimbMask);
  const auto& w = from.words;
  return {{_mm512_and_si512(w[0], mask),
           _mm512_and_si512(_mm512_or_si512(_mm512_srli_epi64(w[0], 51), _mm512_slli_epi64(w[1], 13)), mask),
           _mm512_and_si512(_mm512_or_si512(_mm512_srli_epi64(w[1], 38), _mm512_slli_epi64(w[2], 26)), mask),
           _mm512_and_si512(_mm512_or_si512(_mm512_srli_epi64(w[2], 25), _mm512_slli_epi64(w[3], 39)), mask),
           _mm512_and_si512(_mm512_srli_epi64(w[3], 12), mask)}};
}

struct Stored {
  alignas(64) std::uint64_t limbs[5][kLanes];
};

NYM_LANES_INLINE void store(const Lanes& from, Stored& to) {
  for (std::size_t i = 0; i < 5; ++i) _mm512_store_si512(to.limbs[i], from.limbs[i]);
}

FieldElement lane_of(const Stored& stored, std::size_t lane) {
  FieldElement out;
  for (std::size_t i = 0; i < 5; ++i) out.limbs[i] = stored.limbs[i][lane];
  return out;
}

// The lanes in which bit `position` of a scalar is set.
NYM_LANES_INLINE __mmask8 bits_at(const Words& scalars, std::size_t position) {
  return _mm512_test_epi64_mask(scalars.words[position / 64], lanes::spread(std::uint64_t{1} << (position % 64)));
}

// --- eight ladders ----------------------------------------------------------

// A point (x : z) as x + z and x - z, which is all that a step reads of it.
struct WidePoint {
  Lanes sum;
  Lanes difference;
};

NYM_LANES_INLINE WidePoint wide_point(const Lanes& x, const Lanes& z) {
  return {lanes::carry(lanes::add(x, z)), lanes::carry(lanes::subtract(lanes::add(x, lanes::offset(0xff)), z))};
}

// doubled <- 2 * doubled (2 * other in the lanes of `swapped`), other <- doubled + other (RFC 7748 section 5).
NYM_LANES_INLINE void wide_step(const Lanes& u, __mmask8 swapped, WidePoint& doubled, WidePoint& other) {
  Lanes none = lanes::zero();
  Lanes crossed_a = lanes::multiply(other.difference, doubled.sum, none);
  Lanes crossed_b = lanes::multiply(other.sum, doubled.difference, none);
  WidePoint crossed = wide_point(crossed_a, crossed_b);

  Lanes sum_squared = lanes::square(lanes::select(swapped, doubled.sum, other.sum));
  Lanes difference_squared = lanes::square(lanes::select(swapped, doubled.difference, other.difference));
  Lanes four_xz = lanes::carry(lanes::subtract(lanes::add(sum_squared, lanes::offset(0xff)), difference_squared));
  sum_squared = lanes::carry(sum_squared);
  difference_squared = lanes::carry(difference_squared);
  Lanes factor = lanes::carry(lanes::scale(four_xz, kCurveCoefficient, sum_squared));
  doubled = wide_point(lanes::multiply(sum_squared, difference_squared, none), lanes::multiply(four_xz, factor, none));

  Lanes difference = lanes::carry(lanes::square(crossed.difference));
  other = wide_point(lanes::square(crossed.sum), lanes::multiply(u, difference, none));
}

NYM_LANES_TARGET void wide_ladder(std::span<const Multiplication> jobs, std::span<Fraction> results) {
  NYM_CHECK(!jobs.empty() && jobs.size() <= VectorLadders::kWide && results.size() == jobs.size());
  Words scalars = load_words(jobs, 1, Factor::scalar);
  Lanes u = to_limbs(load_words(jobs, 1, Factor::point));
  Lanes one = lanes::zero();
  one.limbs[0] = lanes::spread(1);
  WidePoint doubled = wide_point(one, lanes::zero());
  WidePoint other = wide_point(u, one);
  __mmask8 previous = 0;
  for (std::size_t position = 255; position-- > 0;) {
    __mmask8 bits = bits_at(scalars, position);
    wide_step(u, static_cast<__mmask8>(previous ^ bits), doubled, other);
    previous = bits;
  }
  // 2x and 2z of what the last bit says is the lower of the two.
  WidePoint twice = wide_point(lanes::select(previous, doubled.sum, other.sum),
                               lanes::select(previous, doubled.difference, other.difference));
  Stored x;
  Stored z;
  store(twice.sum, x);
  store(twice.difference, z);
  for (std::size_t i = 0; i < jobs.size(); ++i) results[i] = {lane_of(x, i), lane_of(z, i)};
  wipe({reinterpret_cast<std::uint8_t*>(&x), sizeof x});
  wipe({reinterpret_cast<std::uint8_t*>(&z), sizeof z});
}

// --- two ladders, four lanes each -------------------------------------------

// A step is three multiplications of four pairs of factors each. Every half of a vector serves one job.
// Both points as [A = x + z, B = x - z, C, D], A and B being of the point that was doubled last.
constexpr __mmask8 kFirstLane = 0x11;
constexpr __mmask8 kSecondLane = 0x22;
constexpr __mmask8 kThirdLane = 0x44;
constexpr __mmask8 kLowerLanes = 0x33;
constexpr __mmask8 kUpperLanes = 0xcc;
constexpr __mmask8 kEvenLanes = 0x55;
constexpr __mmask8 kOddLanes = 0xaa;

// Numbers of lanes to permute by; those of the upper half follow those of the lower one.
NYM_LANES_INLINE __m512i order(long long first, long long second, long long third, long long fourth) {
  return _mm512_set_epi64(fourth + 4, third + 4, second + 4, first + 4, fourth, third, second, first);
}

NYM_LANES_INLINE Lanes permute(__m512i by, const Lanes& a) {
  return {{_mm512_permutexvar_epi64(by, a.limbs[0]), _mm512_permutexvar_epi64(by, a.limbs[1]),
           _mm512_permutexvar_epi64(by, a.limbs[2]), _mm512_permutexvar_epi64(by, a.limbs[3]),
           _mm512_permutexvar_epi64(by, a.limbs[4])}};
}

// [b, a, d, c] for [a, b, c, d].
NYM_LANES_INLINE Lanes neighbours(const Lanes& a) {
  return {{_mm512_permutex_epi64(a.limbs[0], 0xb1), _mm512_permutex_epi64(a.limbs[1], 0xb1),
           _mm512_permutex_epi64(a.limbs[2], 0xb1), _mm512_permutex_epi64(a.limbs[3], 0xb1),
           _mm512_permutex_epi64(a.limbs[4], 0xb1)}};
}

// [x + z, x - z] of raw [x, z], twice; the even lanes hold an offset besides.
NYM_LANES_INLINE Lanes sums_and_differences(const Lanes& a) {
  Lanes other = neighbours(a);
  return lanes::carry(lanes::subtract_in(kOddLanes, lanes::add(a, other), other, a));
}

// What stays the same during all steps.
struct PairConstants {
  Lanes offset;       // in even lanes
  Lanes coefficient;  // [1, (A - 2) / 4, -, -]
  Lanes base;         // [-, -, 1, u]
};

NYM_LANES_INLINE PairConstants pair_constants(const Lanes& u) {
  Lanes one = lanes::zero();
  one.limbs[0] = lanes::spread(1);
  Lanes coefficient = one;
  coefficient.limbs[0] = _mm512_mask_mov_epi64(one.limbs[0], kSecondLane, lanes::spread(kCurveCoefficient));
  return {lanes::offset(kEvenLanes), coefficient, lanes::select(kOddLanes, one, u)};
}

NYM_LANES_INLINE Lanes pair_step(const PairConstants& constants, __mmask8 swapped, const Lanes& points) {
  // [AA, BB, DA, CB], A and B being C and D where swapped: that would only turn the sign of DA - CB, which is squared.
  __m512i left = _mm512_mask_mov_epi64(order(0, 1, 0, 1), swapped & kLowerLanes, order(2, 3, 2, 3));
  __m512i right = _mm512_mask_mov_epi64(order(0, 1, 3, 2), swapped & kLowerLanes, order(2, 3, 2, 3));
  Lanes first = lanes::multiply(permute(left, points), permute(right, points), constants.offset);
  // [AA, E = AA - BB, DA + CB, DA - CB]
  Lanes other = neighbours(first);
  Lanes sums = lanes::carry(lanes::subtract_in(kOddLanes, lanes::add_in(kThirdLane, first, other), other, first));
  // [AA, a24 E, (DA + CB)^2, (DA - CB)^2], and made of that [BB, G = AA + a24 E, the same, the same]
  Lanes second = lanes::multiply(sums, lanes::select(kUpperLanes, constants.coefficient, sums), constants.offset);
  other = neighbours(sums);
  second = lanes::carry(lanes::add_in(kSecondLane, lanes::subtract_in(kFirstLane, second, second, other), other));
  // [x = AA BB, z = E G, x = (DA + CB)^2, z = u (DA - CB)^2]
  return sums_and_differences(
      lanes::multiply(second, lanes::select(kLowerLanes, constants.base, sums), constants.offset));
}

NYM_LANES_TARGET void pair_ladder(std::span<const Multiplication> jobs, std::span<Fraction> results) {
  NYM_CHECK(!jobs.empty() && jobs.size() <= VectorLadders::kPair && results.size() == jobs.size());
  Words scalars = load_words(jobs, kLanes / VectorLadders::kPair, Factor::scalar);
  PairConstants constants = pair_constants(to_limbs(load_words(jobs, kLanes / VectorLadders::kPair, Factor::point)));
  // [1, 0, u, 1]
  Lanes points = lanes::select(kUpperLanes, lanes::zero(), permute(order(0, 1, 3, 2), constants.base));
  points.limbs[0] = _mm512_mask_mov_epi64(points.limbs[0], kFirstLane, lanes::spread(1));
  points = sums_and_differences(lanes::add(points, constants.offset));
  __mmask8 previous = 0;
  for (std::size_t position = 255; position-- > 0;) {
    __mmask8 bits = bits_at(scalars, position);
    points = pair_step(constants, static_cast<__mmask8>(previous ^ bits), points);
    previous = bits;
  }
  // [2x, 2z] of what the last bit says is the lower of the two.
  points = permute(_mm512_mask_mov_epi64(order(0, 1, 2, 3), previous, order(2, 3, 0, 1)), points);
  points = sums_and_differences(lanes::add(points, constants.offset));
  Stored stored;
  store(points, stored);
  for (std::size_t i = 0; i < jobs.size(); ++i) results[i] = {lane_of(stored, 4 * i), lane_of(stored, 4 * i + 1)};
  wipe({reinterpret_cast<std::uint8_t*>(&stored), sizeof stored});
}

constexpr VectorLadders kVectorLadders{.wide = wide_ladder, .pair = pair_ladder};

}  // namespace

const VectorLadders* vector_ladders() {
  static const bool supported = __builtin_cpu_supports("avx512f") != 0 && __builtin_cpu_supports("avx512ifma") != 0;
  return supported ? &kVectorLadders : nullptr;
}

}  // namespace nym::crypto

#else

namespace nym::crypto {

const VectorLadders* vector_ladders() {
  return nullptr;
}

}  // namespace nym::crypto

#endif
