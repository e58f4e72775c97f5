#include "sim/grammar/normal.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "sim/kernel/seeded_random.h"

namespace nym::sim {
namespace {

constexpr std::size_t kDraws = 40'000;

/// The greatest distance between the distribution of what was drawn and `expected`; Kolmogorov and Smirnov: below
/// 1.95 / sqrt(n) in 999 cases of a thousand.
template <class Expected>
double distance(std::vector<double> drawn, Expected expected) {
  std::sort(drawn.begin(), drawn.end());
  double greatest = 0;
  auto n = static_cast<double>(drawn.size());
  for (std::size_t i = 0; i < drawn.size(); ++i) {
    auto at = expected(drawn[i]);
    greatest =
        std::max({greatest, std::abs(at - static_cast<double>(i) / n), std::abs(at - static_cast<double>(i + 1) / n)});
  }
  return greatest * std::sqrt(n);
}

double normal_cdf(double z) {
  return 0.5 * std::erfc(-z / std::sqrt(2.0));
}

template <class Draw>
std::vector<double> draw_many(std::uint64_t seed, Draw draw) {
  SeededRandom random(seed);
  std::vector<double> drawn(kDraws);
  for (auto& one : drawn) one = draw(random);
  return drawn;
}

TEST(StandardNormal, HasTheDistributionOfItsName) {
  auto drawn = draw_many(
      1, [](RandomSource& random) { return static_cast<double>(draw_standard_normal(random)) / 4'294'967'296.0; });
  EXPECT_LT(distance(drawn, normal_cdf), 1.95);
}

TEST(Normal, HasItsMeanAndDeviation) {
  auto drawn = draw_many(2, [](RandomSource& random) {
    return static_cast<double>(draw_normal(random, Duration::milliseconds(40), Duration::milliseconds(10)).ns());
  });
  EXPECT_LT(distance(drawn, [](double ns) { return normal_cdf((ns - 40e6) / 10e6); }), 1.95);
}

TEST(Normal, IsNeverNegative) {
  auto drawn = draw_many(3, [](RandomSource& random) {
    return static_cast<double>(draw_normal(random, Duration::milliseconds(1), Duration::milliseconds(10)).ns());
  });
  auto zeros = std::count(drawn.begin(), drawn.end(), 0.0);
  EXPECT_GE(*std::min_element(drawn.begin(), drawn.end()), 0.0);
  EXPECT_NEAR(static_cast<double>(zeros) / kDraws, normal_cdf(-0.1), 0.01);
}

TEST(LogNormal, HasItsMedianAndSigma) {
  auto drawn = draw_many(4, [](RandomSource& random) {
    return static_cast<double>(draw_log_normal(random, Duration::milliseconds(40), 500'000).ns());
  });
  EXPECT_LT(distance(drawn, [](double ns) { return normal_cdf(std::log(ns / 40e6) / 0.5); }), 1.95);
}

TEST(LogNormal, SaturatesAtBothEnds) {
  SeededRandom random(5);
  auto greatest = Duration();
  auto least = Duration::max();
  for (int i = 0; i < 1'000; ++i) {
    auto drawn = draw_log_normal(random, Duration::hours(1), 10'000'000);
    greatest = std::max(greatest, drawn);
    least = std::min(least, drawn);
  }
  EXPECT_EQ(greatest, Duration::max());
  EXPECT_LT(least, Duration::seconds(1));
  EXPECT_EQ(draw_log_normal(random, Duration(), 1'000'000), Duration());
}

}  // namespace
}  // namespace nym::sim
