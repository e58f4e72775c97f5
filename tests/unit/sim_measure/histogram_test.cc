#include "sim/measure/histogram.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "sim/kernel/seeded_random.h"

namespace nym::sim {
namespace {

double exact_quantile(const std::vector<std::uint64_t>& sorted, double q) {
  auto rank = static_cast<std::size_t>(std::ceil(q * static_cast<double>(sorted.size())));
  return static_cast<double>(sorted[std::max<std::size_t>(rank, 1) - 1]);
}

TEST(Histogram, KnowsNothingOfNothing) {
  Histogram histogram;
  EXPECT_EQ(histogram.count(), 0U);
  EXPECT_EQ(histogram.quantile(0.5), 0);
  EXPECT_EQ(histogram.mean(), 0);
  EXPECT_EQ(histogram.smallest(), 0U);
  EXPECT_TRUE(histogram.spread(10).empty());
}

TEST(Histogram, KeepsSmallNumbersExactly) {
  Histogram histogram;
  for (std::uint64_t value = 0; value < 256; ++value) histogram.add(value);
  EXPECT_EQ(histogram.quantile(0.5), 127);
  EXPECT_EQ(histogram.quantile(1), 255);
  EXPECT_EQ(histogram.quantile(0), 0);
}

TEST(Histogram, ItsQuantilesAreRightWithinHalfAPercent) {
  SeededRandom random(3);
  Histogram histogram;
  std::vector<std::uint64_t> values;
  for (int i = 0; i < 200'000; ++i) {
    auto value = static_cast<std::uint64_t>(draw_exponential(random, Duration::milliseconds(150)).ns()) + 1'000'000;
    values.push_back(value);
    histogram.add(value);
  }
  std::sort(values.begin(), values.end());
  for (double q : {0.001, 0.01, 0.25, 0.5, 0.9, 0.95, 0.99, 0.999, 1.0}) {
    double exact = exact_quantile(values, q);
    EXPECT_NEAR(histogram.quantile(q), exact, exact * 0.005) << q;
  }
  EXPECT_EQ(histogram.smallest(), values.front());
  EXPECT_EQ(histogram.largest(), values.back());
}

TEST(Histogram, HoldsTheLargestNumbersThereAre) {
  Histogram histogram;
  histogram.add(UINT64_MAX);
  histogram.add(UINT64_MAX - 1);
  EXPECT_EQ(histogram.largest(), UINT64_MAX);
  EXPECT_NEAR(histogram.quantile(0.5) / 18'446'744'073'709'551'615.0, 1.0, 0.005);
}

TEST(Histogram, DoesNotDependOnTheOrderOfItsValues) {
  Histogram up;
  Histogram down;
  for (std::uint64_t i = 1; i <= 5'000; ++i) {
    up.add(i * i);
    down.add((5'001 - i) * (5'001 - i));
  }
  EXPECT_EQ(up.spread(100), down.spread(100));
  EXPECT_EQ(up.quantile(0.95), down.quantile(0.95));
}

TEST(Histogram, SpreadsAtMostSoManyValuesEvenlyOverAll) {
  Histogram histogram;
  for (std::uint64_t i = 1; i <= 10'000; ++i) histogram.add(i);
  auto values = histogram.spread(100);
  ASSERT_EQ(values.size(), 100U);
  EXPECT_TRUE(std::is_sorted(values.begin(), values.end()));
  for (std::size_t i = 0; i < values.size(); ++i) {
    double expected = static_cast<double>(i) * 100 + 50;
    EXPECT_NEAR(values[i], expected, expected * 0.02 + 1);
  }
  EXPECT_EQ(histogram.spread(1'000'000).size(), 10'000U);
}

}  // namespace
}  // namespace nym::sim
