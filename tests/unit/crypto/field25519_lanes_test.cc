#if defined(__x86_64__)

#include "engine/crypto/field25519_lanes.h"

#include <gtest/gtest.h>

#include "engine/crypto/curve25519_lanes.h"
#include "sim/kernel/seeded_random.h"

namespace nym::crypto {
namespace {

using lanes::Lanes;

using Eight = std::array<FieldElement, 8>;

// What `compute` works on and gives, one number in each lane.
struct Arithmetic {
  Eight product;
  Eight square;
  Eight scaled;
  Eight sum;
  Eight difference;
};

NYM_LANES_INLINE Lanes load(const Eight& from) {
  Lanes out;
  for (std::size_t i = 0; i < 5; ++i) {
    alignas(64) std::array<std::uint64_t, 8> limbs{};
    for (std::size_t lane = 0; lane < 8; ++lane) limbs[lane] = from[lane].limbs[i];
    out.limbs[i] = _mm512_load_si512(limbs.data());
  }
  return out;
}

NYM_LANES_INLINE Eight store(const Lanes& from) {
  Eight out;
  for (std::size_t i = 0; i < 5; ++i) {
    alignas(64) std::array<std::uint64_t, 8> limbs{};
    _mm512_store_si512(limbs.data(), from.limbs[i]);
    for (std::size_t lane = 0; lane < 8; ++lane) out[lane].limbs[i] = limbs[lane];
  }
  return out;
}

NYM_LANES_TARGET Arithmetic compute(const Eight& first, const Eight& second) {
  Lanes a = load(first);
  Lanes b = load(second);
  Lanes none = lanes::zero();
  Lanes product = lanes::multiply(a, b, none);
  Lanes square = lanes::square(a);
  // As raw as the ladders let anything become before they carry.
  Lanes raised = lanes::multiply(a, b, lanes::offset(0xff));
  return {.product = store(lanes::carry(product)),
          .square = store(lanes::carry(square)),
          .scaled = store(lanes::carry(lanes::scale(a, kCurveCoefficient, b))),
          .sum = store(lanes::carry(lanes::add(raised, lanes::add(square, lanes::offset(0xff))))),
          .difference = store(lanes::carry(lanes::subtract(raised, square)))};
}

void expect_tight(const Eight& numbers) {
  for (const auto& number : numbers) {
    for (auto limb : number.limbs) EXPECT_LT(limb, kLimbMask + (std::uint64_t{1} << 15U));
  }
}

void expect_right(const Eight& first, const Eight& second) {
  Arithmetic computed = compute(first, second);
  for (std::size_t lane = 0; lane < 8; ++lane) {
    const auto& a = first[lane];
    const auto& b = second[lane];
    FieldElement product = multiply(a, b);
    EXPECT_EQ(store_field(computed.product[lane]), store_field(product));
    EXPECT_EQ(store_field(computed.square[lane]), store_field(square(a)));
    EXPECT_EQ(store_field(computed.scaled[lane]), store_field(add(scale(a, kCurveCoefficient), b)));
    EXPECT_EQ(store_field(computed.sum[lane]), store_field(add(product, square(a))));
    EXPECT_EQ(store_field(computed.difference[lane]), store_field(subtract(product, square(a))));
  }
  expect_tight(computed.product);
  expect_tight(computed.square);
  expect_tight(computed.scaled);
  expect_tight(computed.sum);
  expect_tight(computed.difference);
}

class Field25519Lanes : public testing::Test {
 protected:
  void SetUp() override {
    if (vector_ladders() == nullptr) GTEST_SKIP() << "this processor has no vector ladders";
  }
};

TEST_F(Field25519Lanes, Random_numbers_are_computed_as_by_the_other_field) {
  sim::SeededRandom random(1);
  for (int round = 0; round < 100; ++round) {
    Eight a;
    Eight b;
    for (std::size_t lane = 0; lane < 8; ++lane) {
      a[lane] = load_field(draw_array<32>(random));
      b[lane] = load_field(draw_array<32>(random));
    }
    expect_right(a, b);
  }
}

constexpr std::uint64_t kLargest = kLimbMask + (std::uint64_t{1} << 15U) - 1;

// Large, and modulo 2^52 its square is 2^52 - 2^27 + 1, so that the lower halves of products add up as well.
constexpr std::uint64_t kHeaviest = (std::uint64_t{1} << 51U) - (std::uint64_t{1} << 26U) + 1;

// One of 243: every digit in base three says what a limb is.
FieldElement extreme(std::size_t pattern) {
  std::array<std::uint64_t, 3> choices{0, kLargest, kHeaviest};
  FieldElement a;
  for (auto& limb : a.limbs) {
    limb = choices[pattern % 3];
    pattern /= 3;
  }
  return a;
}

TEST_F(Field25519Lanes, The_smallest_largest_and_heaviest_tight_limbs_do_not_overflow) {
  for (std::size_t first = 0; first < 243; ++first) {
    Eight a;
    a.fill(extreme(first));
    Eight b{extreme(0), extreme(121), extreme(242), extreme(first), extreme(1), extreme(2), extreme(162), extreme(200)};
    expect_right(a, b);
  }
}

}  // namespace
}  // namespace nym::crypto

#endif
