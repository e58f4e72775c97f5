// Every way in which a product on Curve25519 is computed, by itself and as multiply_all picks them.
#include "engine/crypto/curve25519_lanes.h"

#include <gtest/gtest.h>
#include <sodium.h>

#include <algorithm>

#include "engine/base/text_encoding.h"
#include "sim/kernel/seeded_random.h"
#include "tests/unit/crypto/curve_samples.h"

namespace nym::crypto {
namespace {

using test::Numbers;

std::vector<Multiplication> jobs_of(const Numbers& scalars, const Numbers& points) {
  std::vector<Multiplication> jobs;
  for (std::size_t i = 0; i < scalars.size(); ++i) jobs.push_back({.scalar = scalars[i], .point = points[i]});
  return jobs;
}

Numbers products_of(std::span<const Multiplication> jobs) {
  Numbers products;
  for (const auto& job : jobs) products.push_back(to_array<32>(job.product.expose()));
  return products;
}

void scalar_ladders(std::span<const Multiplication> jobs, std::span<Fraction> results) {
  for (std::size_t i = 0; i < jobs.size(); ++i) results[i] = scalar_ladder(jobs[i].scalar, jobs[i].point);
}

Numbers products_by(Ladder ladder, const Numbers& scalars, const Numbers& points) {
  auto jobs = jobs_of(scalars, points);
  std::vector<Fraction> fractions(jobs.size());
  ladder(jobs, fractions);
  divide_all(fractions, jobs);
  return products_of(jobs);
}

Numbers products_one_by_one(const Numbers& scalars, const Numbers& points) {
  Numbers products;
  for (std::size_t i = 0; i < scalars.size(); ++i) {
    products.push_back(products_by(scalar_ladders, {scalars[i]}, {points[i]})[0]);
  }
  return products;
}

Numbers products_by_libsodium(const Numbers& scalars, const Numbers& points) {
  Numbers products(scalars.size());
  for (std::size_t i = 0; i < scalars.size(); ++i) {
    int refused = crypto_scalarmult_curve25519(products[i].data(), scalars[i].data(), points[i].data());
    if (refused != 0) products[i] = {};  // a point of low order
  }
  return products;
}

struct NamedLadder {
  const char* name;
  Ladder ladder;
  std::size_t most_jobs;
};

std::vector<NamedLadder> all_ladders() {
  std::vector<NamedLadder> all{{"scalar", scalar_ladders, VectorLadders::kWide}};
  if (const auto* vectors = vector_ladders()) {
    all.push_back({"pair", vectors->pair, VectorLadders::kPair});
    all.push_back({"wide", vectors->wide, VectorLadders::kWide});
  }
  return all;
}

std::string hex_of(const ByteArray<32>& bytes) {
  return to_hex(bytes);
}

TEST(CurveLadders, Vectors_are_used_where_the_processor_has_them) {
#if defined(__x86_64__)
  bool supported = __builtin_cpu_supports("avx512f") != 0 && __builtin_cpu_supports("avx512ifma") != 0;
  EXPECT_EQ(vector_ladders() != nullptr, supported);
#else
  EXPECT_EQ(vector_ladders(), nullptr);
#endif
}

TEST(CurveLadders, Each_gives_the_products_of_rfc_7748_in_every_lane) {
  auto scalar = test::number("a046e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449a44");  // clamped
  auto point = test::number("e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c");
  for (const auto& [name, ladder, most] : all_ladders()) {
    for (const auto& product : products_by(ladder, Numbers(most, scalar), Numbers(most, point))) {
      EXPECT_EQ(hex_of(product), "c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552") << name;
    }
  }
}

TEST(CurveLadders, Each_agrees_with_libsodium_for_clamped_scalars_and_any_number_of_jobs) {
  sim::SeededRandom random(1);
  for (int round = 0; round < 10; ++round) {
    for (const auto& [name, ladder, most] : all_ladders()) {
      for (std::size_t count = 1; count <= most; ++count) {
        auto scalars = test::draw_clamped(random, count);
        auto points = test::draw_numbers(random, count);
        EXPECT_EQ(products_by(ladder, scalars, points), products_by_libsodium(scalars, points)) << name << count;
      }
    }
  }
}

// The others in the vector are random; what must come out of the scalar ladder is checked elsewhere.
TEST(CurveLadders, Extreme_numbers_come_out_right_in_every_lane_and_disturb_no_other) {
  if (vector_ladders() == nullptr) GTEST_SKIP() << "this processor has no vector ladders";
  sim::SeededRandom random(2);
  for (const auto& scalar : test::extreme_scalars()) {
    for (const auto& point : test::extreme_points()) {
      for (const auto& [name, ladder, most] : all_ladders()) {
        auto scalars = test::draw_scalars(random, most);
        auto points = test::draw_numbers(random, most);
        std::size_t lane = static_cast<std::size_t>(draw_below(random, most));
        scalars[lane] = scalar;
        points[lane] = point;
        EXPECT_EQ(products_by(ladder, scalars, points), products_one_by_one(scalars, points))
            << name << " " << lane << " " << hex_of(scalar) << " " << hex_of(point);
      }
    }
  }
}

TEST(CurveLadders, Zeros_in_any_lanes_do_not_disturb_the_others) {
  sim::SeededRandom random(3);
  for (const auto& [name, ladder, most] : all_ladders()) {
    auto scalars = test::draw_scalars(random, most);
    auto points = test::draw_numbers(random, most);
    auto undisturbed = products_by(ladder, scalars, points);
    for (std::size_t zeros = 0; zeros < std::size_t{1} << most; ++zeros) {
      auto some_points = points;
      auto expected = undisturbed;
      for (std::size_t lane = 0; lane < most; ++lane) {
        if ((zeros >> lane & 1U) == 0) continue;
        some_points[lane] = {};
        expected[lane] = {};
      }
      EXPECT_EQ(products_by(ladder, scalars, some_points), expected) << name << " " << zeros;
    }
  }
}

TEST(CurveLadders, Fewer_jobs_than_lanes_write_no_more_results_than_jobs) {
  sim::SeededRandom random(4);
  for (const auto& [name, ladder, most] : all_ladders()) {
    auto scalars = test::draw_scalars(random, most);
    auto points = test::draw_numbers(random, most);
    for (std::size_t count = 1; count < most; ++count) {
      auto jobs = jobs_of(scalars, points);
      jobs.erase(jobs.begin() + static_cast<std::ptrdiff_t>(count), jobs.end());
      std::vector<Fraction> fractions(most);
      ladder(jobs, std::span(fractions).first(count));
      for (std::size_t i = count; i < most; ++i) EXPECT_EQ(fractions[i].z.limbs, kFieldZero.limbs) << name;
    }
  }
}

TEST(CurveLadders, Refuse_more_jobs_than_they_have_lanes) {
  for (const auto& [name, ladder, most] : all_ladders()) {
    if (ladder == scalar_ladders) continue;
    auto run = [checked = ladder](std::size_t count) {
      Numbers numbers(count);
      auto jobs = jobs_of(numbers, numbers);
      std::vector<Fraction> fractions(count);
      checked(jobs, fractions);
    };
    EXPECT_DEATH(run(most + 1), "broken invariant") << name;
    EXPECT_DEATH(run(0), "broken invariant") << name;
  }
}

TEST(BaseTables, Agree_with_the_ladder_for_clamped_scalars_and_any_others) {
  sim::SeededRandom random(5);
  Numbers scalars = test::extreme_scalars();
  for (const auto& scalar : test::draw_clamped(random, 20)) scalars.push_back(scalar);
  for (const auto& scalar : test::draw_scalars(random, 20)) scalars.push_back(scalar);
  auto by_tables = [](std::span<const Multiplication> jobs, std::span<Fraction> results) {
    for (std::size_t i = 0; i < jobs.size(); ++i) results[i] = multiply_base_by_tables(jobs[i].scalar);
  };
  for (const auto& scalar : scalars) {
    EXPECT_EQ(products_by(by_tables, {scalar}, {kBasePoint}), products_by(scalar_ladders, {scalar}, {kBasePoint}))
        << hex_of(scalar);
  }
}

TEST(BaseTables, Public_keys_are_those_of_libsodium) {
  sim::SeededRandom random(6);
  for (const auto& scalar : test::draw_clamped(random, 50)) {
    ByteArray<32> expected{};
    ASSERT_EQ(crypto_scalarmult_curve25519_base(expected.data(), scalar.data()), 0);
    EXPECT_EQ(multiply_base(Secret<32>(scalar)), expected);
    Multiplication job{.scalar = scalar, .point = kBasePoint};
    multiply_all_with(nullptr, {&job, 1});
    EXPECT_EQ(to_array<32>(job.product.expose()), expected);
  }
}

// p itself, one of the encodings of zero that arithmetic may leave.
constexpr FieldElement kPrime{{kLimbMask - 18, kLimbMask, kLimbMask, kLimbMask, kLimbMask}};

TEST(DivideAll, Gives_each_its_own_quotient_and_zero_for_every_form_of_infinity) {
  FieldElement two = add(kFieldOne, kFieldOne);
  FieldElement six = multiply(two, add(two, kFieldOne));
  std::vector<Fraction> fractions{{six, two},          {kFieldOne, kFieldZero}, {six, kFieldOne},
                                  {kFieldOne, kPrime}, {kFieldZero, kPrime},    {kFieldZero, six},
                                  {kPrime, two},       {two, kPrime},           {six, six}};
  Numbers zeros(fractions.size());
  auto jobs = jobs_of(zeros, zeros);
  divide_all(fractions, jobs);
  std::vector<std::uint8_t> expected{3, 0, 6, 0, 0, 0, 0, 0, 1};
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    EXPECT_EQ(to_array<32>(jobs[i].product.expose()), (ByteArray<32>{expected[i]})) << i;
  }
}

TEST(DivideAll, Refuses_more_than_it_has_room_for) {
  Numbers zeros(kMostFractions + 1);
  auto jobs = jobs_of(zeros, zeros);
  std::vector<Fraction> fractions(jobs.size());
  EXPECT_DEATH(divide_all(fractions, jobs), "broken invariant");
  EXPECT_DEATH(divide_all(std::span(fractions).first(2), std::span(jobs).first(3)), "broken invariant");
}

TEST(MultiplyAll, Any_number_of_jobs_with_extremes_among_them_is_each_by_itself) {
  sim::SeededRandom random(7);
  auto extreme_scalars = test::extreme_scalars();
  auto extreme_points = test::extreme_points();
  for (std::size_t count = 0; count <= 40; ++count) {
    auto scalars = test::draw_scalars(random, count);
    auto points = test::draw_numbers(random, count);
    for (std::size_t i = count % 3; i < count; i += 3) scalars[i] = extreme_scalars[i % extreme_scalars.size()];
    for (std::size_t i = count % 4; i < count; i += 4) points[i] = extreme_points[i % extreme_points.size()];
    auto jobs = jobs_of(scalars, points);
    for (std::size_t i = count % 5; i < count; i += 5) {
      jobs[i].point = kBasePoint;
      points[i] = kBasePoint;
    }
    auto expected = products_one_by_one(scalars, points);
    multiply_all(jobs);
    EXPECT_EQ(products_of(jobs), expected) << count;
    multiply_all_with(nullptr, jobs);
    EXPECT_EQ(products_of(jobs), expected) << count << " without vectors";
  }
}

}  // namespace
}  // namespace nym::crypto
