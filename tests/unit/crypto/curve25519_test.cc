#include "engine/crypto/curve25519.h"

#include <gtest/gtest.h>
#include <sodium.h>

#include "engine/base/text_encoding.h"
#include "engine/crypto/field25519.h"
#include "engine/crypto/x25519.h"
#include "sim/kernel/seeded_random.h"

namespace nym::crypto {
namespace {

// A second implementation on 256-bit numbers: every product by doubling and adding, every inverse by squaring.
namespace oracle {

struct Number {
  std::array<std::uint32_t, 9> words{};  // one more than 256 bits need, for sums
};

bool less(const Number& a, const Number& b) {
  for (std::size_t i = 9; i-- > 0;) {
    if (a.words[i] != b.words[i]) return a.words[i] < b.words[i];
  }
  return false;
}

Number plus(const Number& a, const Number& b) {
  Number sum;
  std::uint64_t carry = 0;
  for (std::size_t i = 0; i < 9; ++i) {
    carry += std::uint64_t{a.words[i]} + b.words[i];
    sum.words[i] = static_cast<std::uint32_t>(carry & 0xffffffffU);
    carry >>= 32U;
  }
  return sum;
}

Number minus(const Number& a, const Number& b) {
  Number difference;
  std::uint64_t borrow = 0;
  for (std::size_t i = 0; i < 9; ++i) {
    std::uint64_t word = std::uint64_t{a.words[i]} - b.words[i] - borrow;
    difference.words[i] = static_cast<std::uint32_t>(word & 0xffffffffU);
    borrow = (word >> 32U) & 1U;
  }
  return difference;
}

Number prime() {
  Number p;
  for (std::size_t i = 0; i < 8; ++i) p.words[i] = 0xffffffff;
  p.words[0] = 0xffffffed;
  p.words[7] = 0x7fffffff;
  return p;
}

Number reduced(Number a) {
  while (!less(a, prime())) a = minus(a, prime());
  return a;
}

Number add(const Number& a, const Number& b) {
  return reduced(plus(a, b));
}
Number subtract(const Number& a, const Number& b) {
  return reduced(minus(plus(a, prime()), b));
}

bool bit(const Number& a, std::size_t position) {
  return (a.words[position / 32] >> (position % 32) & 1U) != 0;
}

Number multiply(const Number& a, const Number& b) {
  Number product;
  for (std::size_t i = 255; i-- > 0;) {
    product = add(product, product);
    if (bit(b, i)) product = add(product, a);
  }
  return product;
}

Number invert(const Number& a) {
  Number exponent = minus(prime(), Number{{2}});
  Number power{{1}};
  for (std::size_t i = 255; i-- > 0;) {
    power = multiply(power, power);
    if (bit(exponent, i)) power = multiply(power, a);
  }
  return power;
}

Number from_bytes(FixedView<32> bytes) {
  Number a;
  for (std::size_t i = 0; i < 32; ++i) a.words[i / 4] |= std::uint32_t{bytes[i]} << (8 * (i % 4));
  a.words[7] &= 0x7fffffff;
  return reduced(a);
}

ByteArray<32> to_bytes(const Number& a) {
  ByteArray<32> bytes{};
  for (std::size_t i = 0; i < 32; ++i) bytes[i] = static_cast<std::uint8_t>((a.words[i / 4] >> (8 * (i % 4))) & 0xffU);
  return bytes;
}

}  // namespace oracle

ByteArray<32> small(std::uint8_t value) {
  return {value};
}

// p + offset for a small offset, little-endian.
ByteArray<32> near_prime(int offset) {
  ByteArray<32> bytes{};
  bytes.fill(0xff);
  bytes[0] = static_cast<std::uint8_t>(0xed + offset);
  bytes[31] = 0x7f;
  return bytes;
}

FieldElement field(const ByteArray<32>& bytes) {
  return load_field(bytes);
}

std::vector<ByteArray<32>> interesting_numbers() {
  std::vector<ByteArray<32>> numbers{small(0),       small(1),      small(2),      small(19),     near_prime(-2),
                                     near_prime(-1), near_prime(0), near_prime(1), near_prime(18)};
  sim::SeededRandom random(1);
  for (int i = 0; i < 12; ++i) numbers.push_back(draw_array<32>(random));
  return numbers;
}

TEST(Field25519, Arithmetic_agrees_with_the_slow_one) {
  for (const auto& a : interesting_numbers()) {
    auto slow_a = oracle::from_bytes(a);
    EXPECT_EQ(store_field(field(a)), oracle::to_bytes(slow_a));
    EXPECT_EQ(store_field(square(field(a))), oracle::to_bytes(oracle::multiply(slow_a, slow_a)));
    EXPECT_EQ(store_field(invert(field(a))), oracle::to_bytes(oracle::invert(slow_a)));
    EXPECT_EQ(store_field(scale(field(a), 121665)),
              oracle::to_bytes(oracle::multiply(slow_a, oracle::Number{{121665}})));
    for (const auto& b : interesting_numbers()) {
      auto slow_b = oracle::from_bytes(b);
      EXPECT_EQ(store_field(multiply(field(a), field(b))), oracle::to_bytes(oracle::multiply(slow_a, slow_b)));
      EXPECT_EQ(store_field(add(field(a), field(b))), oracle::to_bytes(oracle::add(slow_a, slow_b)));
      EXPECT_EQ(store_field(subtract(field(a), field(b))), oracle::to_bytes(oracle::subtract(slow_a, slow_b)));
      // Loose factors, as large as the ladder has them.
      auto loose = multiply(subtract(field(a), field(b)), add(field(a), field(b)));
      EXPECT_EQ(store_field(loose), store_field(subtract(square(field(a)), square(field(b)))));
      auto squared = square(subtract(field(a), field(b)));
      EXPECT_EQ(store_field(squared),
                oracle::to_bytes(oracle::multiply(oracle::subtract(slow_a, slow_b), oracle::subtract(slow_a, slow_b))));
    }
  }
}

TEST(Field25519, The_largest_loose_limbs_do_not_overflow) {
  FieldElement all_ones;
  all_ones.limbs.fill((std::uint64_t{1} << 53U) - 1);
  // (2^53 - 1) * (1 + 2^51 + ... + 2^204) modulo p, computed by adding tight parts.
  FieldElement tight = kFieldZero;
  for (std::size_t i = 0; i < 5; ++i) {
    FieldElement low;
    FieldElement high;
    low.limbs[i] = kLimbMask;
    high.limbs[(i + 1) % 5] = i < 4 ? 3 : 3 * 19;
    tight = multiply(add(tight, low), kFieldOne);
    tight = multiply(add(tight, high), kFieldOne);
  }
  EXPECT_EQ(store_field(multiply(all_ones, all_ones)), store_field(multiply(tight, tight)));
  EXPECT_EQ(store_field(square(all_ones)), store_field(square(tight)));
  EXPECT_EQ(store_field(scale(all_ones, 121665)), store_field(scale(tight, 121665)));
}

TEST(Field25519, Swaps_only_when_told) {
  FieldElement a = field(small(3));
  FieldElement b = field(near_prime(-1));
  swap_if(0, a, b);
  EXPECT_EQ(store_field(a), small(3));
  swap_if(1, a, b);
  EXPECT_EQ(store_field(a), near_prime(-1));
  EXPECT_EQ(store_field(b), small(3));
}

TEST(Ladder, Small_multiples_and_points_of_low_order) {
  auto times = [](std::uint8_t n, const ByteArray<32>& u) {
    return to_array<32>(multiply_unclamped(small(n), u).expose());
  };
  EXPECT_EQ(times(1, small(9)), small(9));
  EXPECT_EQ(times(0, small(9)), small(0));
  EXPECT_EQ(to_hex(times(2, small(9))), "fb4e68dd9c46ae5c5c0b351eed5c3f8f1471157d680c75d9b7f17318d542d320");
  EXPECT_EQ(times(3, small(1)), small(1)) << "order 4";
  EXPECT_EQ(times(4, small(1)), small(0));
  EXPECT_EQ(times(3, near_prime(-1)), near_prime(-1)) << "order 4 on the twist";
  EXPECT_EQ(times(7, near_prime(1)), small(1)) << "the same point, not canonical";
  EXPECT_EQ(times(5, near_prime(0)), small(0));
  EXPECT_EQ(times(1, near_prime(9)), small(9));
}

TEST(Ladder, Ignores_the_top_bit_of_the_point) {
  sim::SeededRandom random(2);
  for (int i = 0; i < 20; ++i) {
    auto n = draw_array<32>(random);
    auto u = draw_array<32>(random);
    n[31] &= 0x7fU;
    auto flipped = u;
    flipped[31] ^= 0x80U;
    EXPECT_EQ(to_array<32>(multiply_unclamped(n, u).expose()), to_array<32>(multiply_unclamped(n, flipped).expose()));
  }
}

// Half of the random points are on the twist; libsodium clamps, so its scalars are clamped here.
TEST(Ladder, Agrees_with_libsodium_for_clamped_scalars_and_any_point) {
  sim::SeededRandom random(3);
  for (int i = 0; i < 200; ++i) {
    auto key = X25519PrivateKey::generate(random);
    auto point = draw_array<32>(random);
    ByteArray<32> expected{};
    ASSERT_EQ(crypto_scalarmult_curve25519(expected.data(), key.expose().data(), point.data()), 0);
    EXPECT_EQ(to_array<32>(multiply_unclamped(key.expose(), point).expose()), expected);
  }
}

TEST(Ladder, The_order_of_two_multiplications_does_not_matter) {
  sim::SeededRandom random(4);
  for (int i = 0; i < 50; ++i) {
    auto a = draw_array<32>(random);
    auto b = draw_array<32>(random);
    auto u = draw_array<32>(random);
    a[31] &= 0x7fU;
    b[31] &= 0x7fU;
    auto ab = multiply_unclamped(b, multiply_unclamped(a, u).expose());
    auto ba = multiply_unclamped(a, multiply_unclamped(b, u).expose());
    EXPECT_EQ(to_array<32>(ab.expose()), to_array<32>(ba.expose()));
  }
}

TEST(Scalar, Products_along_a_chain_are_products_of_points) {
  sim::SeededRandom random(5);
  for (int i = 0; i < 20; ++i) {
    Secret<32> x = draw_secret<32>(random);
    clamp(x);
    auto blinding = draw_array<32>(random);
    auto at_once = multiply_unclamped(Scalar::product(x.expose(), blinding).expose(), small(9));
    auto one_by_one = multiply_unclamped(Scalar::reduce(blinding).expose(), multiply_base(x));
    EXPECT_EQ(to_array<32>(at_once.expose()), to_array<32>(one_by_one.expose()));
  }
}

TEST(Scalar, The_group_order_is_zero_and_what_follows_starts_again) {
  auto order = *from_hex("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010");
  auto bytes = to_array<32>(order);
  EXPECT_EQ(to_array<32>(Scalar::reduce(bytes).expose()), small(0));
  bytes[0] += 1;
  EXPECT_EQ(to_array<32>(Scalar::reduce(bytes).expose()), small(1));
  bytes[0] -= 2;
  EXPECT_EQ(to_array<32>(Scalar::reduce(bytes).expose()), bytes);
}

TEST(MultiplyAll, Is_each_multiplication_by_itself) {
  sim::SeededRandom random(6);
  for (std::size_t count : {0U, 1U, 2U, 7U, 8U, 9U, 17U}) {
    std::vector<ByteArray<32>> scalars;
    std::vector<ByteArray<32>> points;
    for (std::size_t i = 0; i < count; ++i) {
      scalars.push_back(draw_array<32>(random));
      scalars.back()[31] &= 0x7fU;
      points.push_back(draw_array<32>(random));
    }
    std::vector<Multiplication> jobs;
    for (std::size_t i = 0; i < count; ++i) jobs.push_back({.scalar = scalars[i], .point = points[i]});
    multiply_all(jobs);
    for (std::size_t i = 0; i < count; ++i) {
      EXPECT_EQ(to_array<32>(jobs[i].product.expose()),
                to_array<32>(multiply_unclamped(scalars[i], points[i]).expose()));
    }
  }
}

TEST(Clamp, Sets_and_clears_the_bits_of_the_clause) {
  Secret<32> ones(ByteArray<32>{});
  clamp(ones);
  EXPECT_EQ(ones.expose()[0], 0);
  EXPECT_EQ(ones.expose()[31], 0x40);
  ByteArray<32> full{};
  full.fill(0xff);
  Secret<32> clamped(full);
  clamp(clamped);
  EXPECT_EQ(clamped.expose()[0], 0xf8);
  EXPECT_EQ(clamped.expose()[31], 0x7f);
  EXPECT_EQ(clamped.expose()[15], 0xff);
}

// Low-order points among them: where a scalar only counts modulo l, these give something else.
std::vector<ByteArray<32>> points_of_the_curve(RandomSource& random) {
  std::vector<ByteArray<32>> points(3);
  points[1][0] = 1;
  points[2] = to_array<32>(*from_hex("e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800"));
  while (points.size() < 40) {
    auto drawn = draw_array<32>(random);
    if (is_curve_coordinate(drawn)) points.push_back(drawn);
  }
  return points;
}

TEST(Curve25519, ProductsWithClampedFactorsAreNestedMultiplications) {
  sim::SeededRandom random(21);
  for (const auto& point : points_of_the_curve(random)) {
    Secret<32> product = draw_secret<32>(random);
    clamp(product);
    auto nested = multiply_unclamped(product.expose(), point);
    for (int i = 0; i < 4; ++i) {
      auto factor = draw_secret<32>(random);
      product = product_with_clamped(product.expose(), factor.expose());
      EXPECT_EQ(product.expose()[0] % 8, 0);
      EXPECT_LT(product.expose()[31], 0x80);
      clamp(factor);
      nested = multiply_unclamped(factor.expose(), nested.expose());
      EXPECT_EQ(to_hex(multiply_unclamped(product.expose(), point).expose()), to_hex(nested.expose())) << to_hex(point);
    }
  }
}

// -8 modulo l: the multiple of 8 is 8l - 8, which is more than 255 bits hold.
TEST(Curve25519, ProductsWithClampedFactorsThatAreTooLargeAreNegated) {
  sim::SeededRandom random(22);
  Secret<32> factor = draw_secret<32>(random);
  clamp(factor);
  auto reduced = Scalar::reduce(factor.expose());
  ByteArray<32> inverse{};
  ASSERT_EQ(crypto_core_ed25519_scalar_invert(inverse.data(), reduced.expose().data()), 0);
  crypto_core_ed25519_scalar_negate(inverse.data(), inverse.data());
  ByteArray<32> eight{8};
  auto product = product_with_clamped(Scalar::product(inverse, eight).expose(), factor.expose());
  EXPECT_EQ(to_array<32>(product.expose()), eight);
}

TEST(Curve25519, PublicKeysAreOnTheCurveAndHalfOfAllStringsAreNot) {
  sim::SeededRandom random(23);
  int on_curve = 0;
  for (int i = 0; i < 400; ++i) {
    EXPECT_TRUE(is_curve_coordinate(X25519PrivateKey::generate(random).public_key().bytes));
    on_curve += is_curve_coordinate(draw_array<32>(random)) ? 1 : 0;
  }
  EXPECT_GT(on_curve, 150);
  EXPECT_LT(on_curve, 250);
  ByteArray<32> two{2};
  EXPECT_FALSE(is_curve_coordinate(two));
}

}  // namespace
}  // namespace nym::crypto
