#include "sim/measure/series.h"

#include <gtest/gtest.h>

namespace nym::sim {
namespace {

Duration ms(std::int64_t value) {
  return Duration::milliseconds(value);
}

TEST(WindowSums, GivesARateForEachWindowUpToTheEnd) {
  WindowSums sums(ms(0), ms(1'000), 100);
  sums.add(ms(100));
  sums.add(ms(900));
  sums.add(ms(2'500), 4);
  auto rates = sums.rates(ms(4'000));
  ASSERT_EQ(rates.size(), 4U);
  EXPECT_EQ(rates[0].value, 2);
  EXPECT_EQ(rates[1].value, 0);
  EXPECT_EQ(rates[2].value, 4);
  EXPECT_EQ(rates[3].value, 0);
  EXPECT_EQ(rates[2].at, ms(2'000));
}

TEST(WindowSums, DoesNotCountWhatComesBeforeItsBeginning) {
  WindowSums sums(ms(500), ms(1'000), 100);
  sums.add(ms(499), 8);
  sums.add(ms(500), 1);
  EXPECT_EQ(sums.total(), 1);
  EXPECT_EQ(sums.rates(ms(1'500))[0].at, ms(500));
  EXPECT_TRUE(sums.rates(ms(400)).empty() || sums.rates(ms(400))[0].value >= 0);
}

TEST(WindowSums, TakesTheRateOfALongLastPartOfAWindowAndLeavesAShortOneOut) {
  WindowSums sums(ms(0), ms(1'000), 100);
  sums.add(ms(1'200), 3);
  EXPECT_EQ(sums.rates(ms(1'300)).size(), 1U);
  auto rates = sums.rates(ms(1'500));
  ASSERT_EQ(rates.size(), 2U);
  EXPECT_EQ(rates[1].value, 6) << "3 in half a second";
}

TEST(WindowSums, JoinsNeighboursWhenThereAreTooManyAndLosesNothing) {
  WindowSums sums(ms(0), ms(10), 8);
  for (int i = 0; i < 1'000; ++i) sums.add(ms(i));
  auto rates = sums.rates(ms(1'000));
  EXPECT_LE(rates.size(), 8U);
  EXPECT_EQ(sums.total(), 1'000);
  for (const auto& point : rates) EXPECT_NEAR(point.value, 1'000, 1e-6) << point.at.whole_ms();
}

TEST(WindowSums, IsBoundedAlsoWhenOnlyTheEndIsFarAway) {
  WindowSums sums(ms(0), ms(1), 64);
  sums.add(ms(3));
  EXPECT_LE(sums.rates(Duration::hours(24 * 365)).size(), 64U);
}

TEST(WindowSums, GivesTheRatioOfTwoWhereTheSecondHasAnything) {
  WindowSums part(ms(0), ms(100), 4);
  WindowSums whole(ms(0), ms(100), 4);
  for (int i = 0; i < 100; ++i) whole.add(ms(i * 10));
  for (int i = 0; i < 50; ++i) part.add(ms(i * 10));
  auto ratio = ratio_of(part, whole, ms(1'000));
  ASSERT_EQ(ratio.size(), 3U) << "windows of 400 ms";
  EXPECT_EQ(ratio[0].value, 1);
  EXPECT_NEAR(ratio[1].value, 0.25, 1e-9);
  EXPECT_EQ(ratio[2].value, 0);
}

TEST(Samplings, KeepsEveryValueUntilThereAreTooMany) {
  Samplings samplings(100);
  for (int i = 0; i < 99; ++i) samplings.add(ms(i), i);
  EXPECT_EQ(samplings.points().size(), 99U);
  EXPECT_EQ(samplings.mean(), 49);
  EXPECT_EQ(samplings.largest(), 98);
}

TEST(Samplings, ThinsEvenlyAndStillKnowsMeanAndLargestOfAll) {
  Samplings samplings(100);
  for (int i = 0; i < 100'001; ++i) samplings.add(ms(i), i == 77'777 ? 1e6 : 1);
  EXPECT_LT(samplings.points().size(), 100U);
  EXPECT_GE(samplings.points().size(), 49U);
  EXPECT_EQ(samplings.largest(), 1e6);
  EXPECT_EQ(samplings.count(), 100'001U);
  auto step = samplings.points()[1].at - samplings.points()[0].at;
  for (std::size_t i = 1; i < samplings.points().size(); ++i) {
    EXPECT_EQ(samplings.points()[i].at - samplings.points()[i - 1].at, step);
  }
}

TEST(Samplings, OfNothingAddsNothing) {
  Measurements measurements;
  Samplings(10).add_to(measurements, Metric::queue_depth, "held.mix1", "");
  EXPECT_TRUE(measurements.figures.empty());
  EXPECT_TRUE(measurements.series.empty());
}

}  // namespace
}  // namespace nym::sim
