#include "engine/base/random.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <set>

#include "engine/base/wide_int.h"
#include "sim/kernel/seeded_random.h"

namespace nym {
namespace {

// Gives the same 64-bit number again and again.
class ConstantRandom final : public RandomSource {
 public:
  explicit ConstantRandom(std::uint64_t word) : word_(to_be(word)) {}
  void fill(MutableByteView out) override {
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = word_[i % word_.size()];
  }
  std::unique_ptr<RandomSource> fork(std::string_view) override { return nullptr; }

 private:
  ByteArray<8> word_;
};

double exact_exponential(std::uint64_t bits, double mean) {
  return -std::log((static_cast<double>(bits) + 1) / std::ldexp(1.0, 64)) * mean;
}

TEST(DrawExponential, Is_minus_the_logarithm_of_a_uniform_number) {
  constexpr std::int64_t kMean = 1'000'000'000;
  sim::SeededRandom words(1);
  for (int i = 0; i < 20'000; ++i) {
    // Numbers of all magnitudes, so that the tails are seen too.
    std::uint64_t bits = draw_u64(words) >> (static_cast<unsigned>(i) % 64U);
    ConstantRandom random(bits);
    auto delay = draw_exponential(random, Duration::nanoseconds(kMean));
    EXPECT_NEAR(static_cast<double>(delay.ns()), exact_exponential(bits, kMean), 16) << bits;
  }
}

TEST(DrawExponential, Has_the_announced_limits) {
  ConstantRandom smallest(0);
  ConstantRandom largest(~std::uint64_t{0});
  auto mean = Duration::seconds(1);
  EXPECT_EQ(draw_exponential(largest, mean), Duration());
  EXPECT_NEAR(static_cast<double>(draw_exponential(smallest, mean).ns()), 64 * std::log(2.0) * 1e9, 50);
  EXPECT_LE(draw_exponential(smallest, Duration::max()), Duration::max());
  EXPECT_EQ(draw_exponential(smallest, Duration::max()), Duration::max());
  EXPECT_EQ(draw_exponential(smallest, Duration()), Duration());
  EXPECT_EQ(draw_exponential(smallest, Duration::nanoseconds(-5)), Duration());
}

TEST(DrawExponential, Follows_the_closed_form) {
  constexpr int kDraws = 400'000;
  for (std::int64_t mean_ns : {3LL, 1'000LL, 20'000'000LL, 50'000'000LL, 5'000'000'000LL}) {
    sim::SeededRandom random(static_cast<std::uint64_t>(mean_ns));
    auto mean = Duration::nanoseconds(mean_ns);
    double sum = 0;
    double sum_of_squares = 0;
    std::array<int, 3> below{};
    const std::array<double, 3> limits{0.5, 1, 3};
    for (int i = 0; i < kDraws; ++i) {
      auto delay = static_cast<double>(draw_exponential(random, mean).ns());
      sum += delay;
      sum_of_squares += delay * delay;
      for (std::size_t k = 0; k < limits.size(); ++k) {
        below[k] += delay < limits[k] * static_cast<double>(mean_ns) ? 1 : 0;
      }
    }
    double expected_mean = static_cast<double>(mean_ns);
    EXPECT_NEAR(sum / kDraws, expected_mean, 5 * expected_mean / std::sqrt(kDraws)) << mean_ns;
    double variance = sum_of_squares / kDraws - (sum / kDraws) * (sum / kDraws);
    EXPECT_NEAR(std::sqrt(variance), expected_mean, expected_mean / 50) << mean_ns;
    if (mean_ns < 1000) continue;  // whole nanoseconds are too coarse for fractions of these
    for (std::size_t k = 0; k < limits.size(); ++k) {
      double expected = 1 - std::exp(-limits[k]);
      double tolerance = 5 * std::sqrt(expected * (1 - expected) / kDraws) + 1e-3;
      EXPECT_NEAR(below[k] / static_cast<double>(kDraws), expected, tolerance) << mean_ns << " " << limits[k];
    }
  }
}

/// The logarithm as it is defined: digit by digit, each square cut off.
std::uint64_t log2_digits(std::uint64_t mantissa) {
  std::uint64_t digits = 0;
  for (int i = 0; i < 32; ++i) {
    auto square = static_cast<Uint128>(mantissa) * mantissa;
    bool is_one = square >> 127U != 0;
    digits = 2 * digits + (is_one ? 1U : 0U);
    mantissa = static_cast<std::uint64_t>(square >> (is_one ? 64U : 63U));
  }
  return digits;
}

TEST(DrawExponential, Every_bit_is_that_of_the_logarithm_by_digits) {
  constexpr std::uint64_t kLn2 = 2'977'044'472;
  constexpr auto kUnit = Duration::nanoseconds(std::int64_t{1} << 32U);
  auto expect_right = [kUnit](std::uint64_t drawn) {
    int zeros = std::countl_zero(drawn + 1);
    auto minus_log2 = ((static_cast<std::uint64_t>(zeros) + 1) << 32U) - log2_digits((drawn + 1) << zeros);
    auto expected = static_cast<Uint128>(minus_log2) * kLn2 >> 32U;
    ConstantRandom random(drawn);
    ASSERT_EQ(static_cast<std::uint64_t>(draw_exponential(random, kUnit).ns()), static_cast<std::uint64_t>(expected))
        << drawn;
  };
  sim::SeededRandom random(3);
  for (int i = 0; i < 300'000; ++i) expect_right(draw_u64(random) >> draw_below(random, 64));
  // Where one stretch of the table ends and the next begins, and around the powers of two.
  for (std::uint64_t edge = 128; edge <= 256; ++edge) {
    for (unsigned shift = 0; shift < 56; ++shift) {
      for (std::uint64_t near = 0; near < 8; ++near) expect_right((edge << shift) + near - 5);
    }
  }
}

TEST(DrawBelow, Is_uniform_and_never_reaches_its_bound) {
  constexpr int kDraws = 120'000;
  sim::SeededRandom random(3);
  for (std::uint64_t bound : {1U, 2U, 3U, 7U, 12U}) {
    std::vector<int> counts(bound);
    for (int i = 0; i < kDraws; ++i) ++counts.at(draw_below(random, bound));
    double expected = kDraws / static_cast<double>(bound);
    for (int count : counts) EXPECT_NEAR(count, expected, 5 * std::sqrt(expected) + 1);
  }
}

TEST(DrawBelow, Draws_again_instead_of_favouring_small_numbers) {
  // 2^64 mod 3 = 1: the word 0 would make 0 more frequent and is passed over.
  class Words final : public RandomSource {
   public:
    void fill(MutableByteView out) override {
      auto word = to_be(next_++);
      std::copy(word.begin(), word.end(), out.begin());
    }
    std::unique_ptr<RandomSource> fork(std::string_view) override { return nullptr; }

   private:
    std::uint64_t next_ = 0;
  };
  Words words;
  EXPECT_EQ(draw_below(words, 3), 1U);
  Words power_of_two;
  EXPECT_EQ(draw_below(power_of_two, 8), 0U);
}

TEST(DrawBelow, Takes_large_bounds_and_refuses_none) {
  sim::SeededRandom random(4);
  std::uint64_t bound = (std::uint64_t{1} << 63U) + 1;
  for (int i = 0; i < 1000; ++i) EXPECT_LT(draw_below(random, bound), bound);
  EXPECT_DEATH(draw_below(random, 0), "broken invariant");
}

TEST(Probability, Never_and_always_are_exact) {
  sim::SeededRandom random(5);
  for (int i = 0; i < 10'000; ++i) {
    EXPECT_FALSE(draw_event(random, Probability::of(0)));
    EXPECT_TRUE(draw_event(random, Probability::of(1)));
    EXPECT_FALSE(draw_event(random, Probability::of(-1)));
    EXPECT_TRUE(draw_event(random, Probability::of(7)));
    EXPECT_FALSE(draw_event(random, Probability::of(std::nan(""))));
  }
}

TEST(Probability, Is_met_on_average) {
  constexpr int kDraws = 200'000;
  sim::SeededRandom random(6);
  int hits = 0;
  for (int i = 0; i < kDraws; ++i) hits += draw_event(random, Probability::of(0.3)) ? 1 : 0;
  EXPECT_NEAR(hits, 0.3 * kDraws, 5 * std::sqrt(0.21 * kDraws));
}

TEST(RandomSource, Draws_of_arrays_numbers_and_secrets_are_the_same_stream) {
  sim::SeededRandom a(7);
  sim::SeededRandom b(7);
  auto array = draw_array<8>(a);
  EXPECT_EQ(draw_u64(b), load_be<std::uint64_t>(array));
  auto secret = draw_secret<16>(a);
  EXPECT_EQ(to_bytes(secret.expose()), to_bytes(draw_array<16>(b)));
}

TEST(RandomSource, Streams_of_different_labels_and_seeds_differ) {
  std::set<std::uint64_t> first_words;
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    sim::SeededRandom source(seed);
    first_words.insert(draw_u64(source));
    for (const char* label : {"a", "b", ""}) first_words.insert(draw_u64(*source.fork(label)));
  }
  EXPECT_EQ(first_words.size(), 200U);
}

TEST(RandomSource, A_fork_does_not_depend_on_what_was_drawn_before) {
  sim::SeededRandom fresh(8);
  sim::SeededRandom used(8);
  for (int i = 0; i < 5; ++i) draw_u64(used);
  EXPECT_EQ(draw_u64(*fresh.fork("x")), draw_u64(*used.fork("x")));
}

}  // namespace
}  // namespace nym
