#include "engine/crypto/curve25519.h"

#include <sodium.h>

#include <algorithm>
#include <bit>

#include "engine/base/check.h"
#include "engine/crypto/constant_time.h"
#include "engine/crypto/curve25519_lanes.h"
#include "engine/crypto/sodium_ready.h"

namespace nym::crypto {
namespace {

// A projective u-coordinate.
struct LadderPoint {
  FieldElement x;
  FieldElement z;
};

// doubled <- 2 * doubled, other <- doubled + other, where u is the coordinate of their difference (RFC 7748 section 5).
void ladder_step(const FieldElement& u, LadderPoint& doubled, LadderPoint& other) {
  FieldElement sum = add(doubled.x, doubled.z);
  FieldElement difference = subtract(doubled.x, doubled.z);
  FieldElement crossed_a = multiply(subtract(other.x, other.z), sum);
  FieldElement crossed_b = multiply(add(other.x, other.z), difference);
  other.x = square(add(crossed_a, crossed_b));
  other.z = multiply(u, square(subtract(crossed_a, crossed_b)));
  FieldElement sum_squared = square(sum);
  FieldElement difference_squared = square(difference);
  FieldElement four_xz = subtract(sum_squared, difference_squared);
  doubled.x = multiply(sum_squared, difference_squared);
  doubled.z = multiply(four_xz, add(sum_squared, scale(four_xz, kCurveCoefficient)));
}

template <typename T>
void wipe_object(T& object) {
  wipe({reinterpret_cast<std::uint8_t*>(&object), sizeof object});
}

// 1 for zero, whatever its limbs are, 0 for all others.
std::uint64_t zero_bit(const FieldElement& a) {
  return static_cast<std::uint64_t>(is_all_zero(store_field(a)));
}

// From here on eight lanes take less time than pairs.
constexpr std::size_t kFewestForWide = 5;

Fraction multiply_alone(const Multiplication& job) {
  bool is_base = job.point.data() == kBasePoint.data();
  return is_base ? multiply_base_by_tables(job.scalar) : scalar_ladder(job.scalar, job.point);
}

void multiply_group(const VectorLadders* vectors, std::span<Multiplication> jobs) {
  std::array<Fraction, kMostFractions> fractions;
  auto results = std::span(fractions).first(jobs.size());
  for (std::size_t i = 0; i < jobs.size();) {
    std::size_t left = jobs.size() - i;
    std::size_t count = 1;
    if (vectors == nullptr) {
      results[i] = multiply_alone(jobs[i]);
    } else if (left >= kFewestForWide) {
      count = std::min(left, VectorLadders::kWide);
      vectors->wide(jobs.subspan(i, count), results.subspan(i, count));
    } else {
      count = std::min(left, VectorLadders::kPair);
      vectors->pair(jobs.subspan(i, count), results.subspan(i, count));
    }
    i += count;
  }
  divide_all(results, jobs);
  wipe_object(fractions);
}

using ScalarWords = std::array<std::uint64_t, 4>;

// The group's order l, least significant word first.
constexpr ScalarWords kOrder{0x5812'631a'5cf5'd3edU, 0x14de'f9de'a2f7'9cd6U, 0, 0x1000'0000'0000'0000U};

// a + factor * l, modulo 2^256.
ScalarWords add_orders(const ScalarWords& a, std::uint64_t factor) {
  ScalarWords sum{};
  Uint128 carry = 0;
  for (std::size_t i = 0; i < sum.size(); ++i) {
    carry += static_cast<Uint128>(kOrder[i]) * factor + a[i];
    sum[i] = static_cast<std::uint64_t>(carry);
    carry >>= 64U;
  }
  return sum;
}

// Modulo 8l, the order of the curve with its points of low order, one multiple of 8 is `scalar` modulo l. Where that is
// 2^255 or more, its negative gives the same coordinate.
Secret<32> even_multiple(const Scalar& scalar) {
  ScalarWords words{};
  for (std::size_t i = 0; i < words.size(); ++i) {
    words[i] = std::byteswap(load_be<std::uint64_t>(scalar.expose().subspan(i * 8).first<8>()));
  }
  ScalarWords multiple = add_orders(words, (3 * words[0]) & 7U);  // l is 5 modulo 8
  std::uint64_t negated = 0 - (multiple[3] >> 63U);
  ScalarWords flipped{};
  for (std::size_t i = 0; i < words.size(); ++i) flipped[i] = multiple[i] ^ negated;
  // ~n + 1 + 8l = 8l - n
  ScalarWords result = add_orders(flipped, negated & 8U);
  std::uint64_t carry = negated & 1U;
  Secret<32> out;
  for (std::size_t i = 0; i < words.size(); ++i) {
    result[i] += carry;
    carry = static_cast<std::uint64_t>(result[i] < carry);
    store_be(std::byteswap(result[i]), out.expose_mutable().subspan(i * 8).first<8>());
  }
  wipe_object(words);
  wipe_object(multiple);
  wipe_object(flipped);
  wipe_object(result);
  return out;
}

}  // namespace

Scalar Scalar::reduce(FixedView<32> bytes) {
  ByteArray<crypto_core_ed25519_NONREDUCEDSCALARBYTES> wide{};
  std::memcpy(wide.data(), bytes.data(), bytes.size());
  Secret<32> out;
  crypto_core_ed25519_scalar_reduce(out.expose_mutable().data(), wide.data());
  wipe(wide);
  return Scalar(std::move(out));
}

Scalar Scalar::product(FixedView<32> a, FixedView<32> b) {
  Secret<32> out;
  crypto_core_ed25519_scalar_mul(out.expose_mutable().data(), a.data(), b.data());
  return Scalar(std::move(out));
}

void clamp(Secret<32>& scalar) {
  auto bytes = scalar.expose_mutable();
  bytes[0] &= 0xf8U;
  bytes[31] &= 0x7fU;
  bytes[31] |= 0x40U;
}

Secret<32> product_with_clamped(FixedView<32> a, FixedView<32> b) {
  Secret<32> factor(b);
  clamp(factor);
  return even_multiple(Scalar::product(a, factor.expose()));
}

bool is_curve_coordinate(FixedView<32> u) {
  constexpr std::uint64_t kA = 486662;
  constexpr FieldElement kCoefficient{{kA, 0, 0, 0, 0}};
  FieldElement x = load_field(u);
  FieldElement cubic = add(multiply(add(x, kCoefficient), x), kFieldOne);  // (x + A) x + 1
  return is_square(multiply(cubic, x));
}

ByteArray<32> multiply_base(const Secret<32>& clamped) {
  return to_array<32>(multiply_unclamped(clamped.expose(), kBasePoint).expose());
}

// By libsodium's tables of the same point on the Edwards curve: u = (1 + y) / (1 - y).
Fraction multiply_base_by_tables(FixedView<32> n) {
  ensure_sodium_ready();
  ByteArray<32> encoded{};
  // The result says whether this is infinity, y = 1, where the denominator says it too.
  static_cast<void>(crypto_scalarmult_ed25519_base_noclamp(encoded.data(), n.data()));
  FieldElement y = load_field(encoded);
  return {multiply(add(kFieldOne, y), kFieldOne), multiply(subtract(kFieldOne, y), kFieldOne)};
}

Fraction scalar_ladder(FixedView<32> n, FixedView<32> u) {
  FieldElement base = load_field(u);
  LadderPoint low{kFieldOne, kFieldZero};
  LadderPoint high{base, kFieldOne};
  std::uint64_t swapped = 0;
  for (std::size_t position = 255; position-- > 0;) {
    std::uint64_t byte = n[position / 8];
    std::uint64_t bit = (byte >> (position % 8)) & 1U;
    swap_if(swapped ^ bit, low.x, high.x);
    swap_if(swapped ^ bit, low.z, high.z);
    swapped = bit;
    ladder_step(base, low, high);
  }
  swap_if(swapped, low.x, high.x);
  swap_if(swapped, low.z, high.z);
  Fraction result{low.x, low.z};
  wipe_object(low);
  wipe_object(high);
  return result;
}

// Montgomery's trick: the inverse of a product of all, and from it each one's own. A denominator of zero counts as one,
// so that it does not spoil the others, and its numerator as zero.
void divide_all(std::span<const Fraction> fractions, std::span<Multiplication> jobs) {
  NYM_CHECK(fractions.size() == jobs.size() && jobs.size() <= kMostFractions);
  std::array<FieldElement, kMostFractions> denominators;
  std::array<FieldElement, kMostFractions + 1> products;
  std::array<std::uint64_t, kMostFractions> zero_bits{};
  products[0] = kFieldOne;
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    zero_bits[i] = zero_bit(fractions[i].z);
    denominators[i] = fractions[i].z;
    denominators[i].limbs[0] += zero_bits[i];
    products[i + 1] = multiply(products[i], denominators[i]);
  }
  FieldElement inverse = invert(products[jobs.size()]);
  for (std::size_t i = jobs.size(); i-- > 0;) {
    FieldElement quotient = multiply(fractions[i].x, multiply(inverse, products[i]));
    for (auto& limb : quotient.limbs) limb &= zero_bits[i] - 1;
    jobs[i].product = Secret<32>(store_field(quotient));
    inverse = multiply(inverse, denominators[i]);
  }
  wipe_object(denominators);
  wipe_object(products);
}

void multiply_all_with(const VectorLadders* vectors, std::span<Multiplication> jobs) {
  while (!jobs.empty()) {
    auto group = jobs.first(std::min(jobs.size(), kMostFractions));
    multiply_group(vectors, group);
    jobs = jobs.subspan(group.size());
  }
}

void multiply_all(std::span<Multiplication> jobs) {
  multiply_all_with(vector_ladders(), jobs);
}

Secret<32> multiply_unclamped(FixedView<32> n, FixedView<32> u) {
  Multiplication job{.scalar = n, .point = u};
  multiply_all({&job, 1});
  return std::move(job.product);
}

}  // namespace nym::crypto
