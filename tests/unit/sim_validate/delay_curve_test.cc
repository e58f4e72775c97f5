#include "sim/validate/delay_curve.h"

#include <gtest/gtest.h>

#include <cmath>

namespace nym::sim {
namespace {

constexpr double kStep = DelayCurve::kStep;

TEST(DelayCurve, OfAnExponentialHasItsMeanAndQuantiles) {
  auto curve = DelayCurve::exponential(0.05);
  EXPECT_NEAR(curve.mean(), 0.05, kStep / 10);
  for (double share : {0.1, 0.5, 0.99}) EXPECT_NEAR(curve.quantile(share), -0.05 * std::log(1 - share), kStep);
  EXPECT_NEAR(curve.entropy(), 1 + std::log(0.05), 0.01);
}

// Erlang: P(X > t) = e^-x (1 + x + x^2 / 2) with x = t / mean.
TEST(DelayCurve, OfThreeExponentialsIsErlangs) {
  auto curve = DelayCurve::exponential(0.05).times(3);
  double x = curve.quantile(0.9) / 0.05;
  EXPECT_NEAR(std::exp(-x) * (1 + x + x * x / 2), 0.1, 0.001);
  EXPECT_NEAR(curve.mean(), 0.15, kStep / 2);
}

TEST(DelayCurve, OfASumIsThatOfItsTerms) {
  auto curve = DelayCurve::of(*parse_time_distribution("3ms + uniform(2ms,6ms) + normal(40ms,2ms)"));
  ASSERT_TRUE(curve);
  EXPECT_NEAR(curve->mean(), 0.047, kStep);
  EXPECT_NEAR(curve->quantile(0.5), 0.047, kStep);
  EXPECT_NEAR(DelayCurve::of(*parse_time_distribution("log-normal(40ms,0.5)"))->quantile(0.5), 0.04, kStep);
  EXPECT_FALSE(DelayCurve::of(TimeDistribution{{MatrixTime{"cities.csv"}}}));
}

TEST(DelayCurve, OnALinkThatKeepsTheOrderIsLonger) {
  auto alone = DelayCurve::exponential(0.002);
  EXPECT_NEAR(alone.in_order(0.001).mean(), alone.mean(), 1e-5);
  double before = alone.mean();
  for (double rate : {10.0, 100.0, 1'000.0, 10'000.0}) {
    double mean = alone.in_order(rate).mean();
    EXPECT_GT(mean, before) << rate;
    before = mean;
  }
  EXPECT_NEAR(DelayCurve::fixed(0.005).in_order(10'000).quantile(0.5), 0.005, kStep);
}

// With F(t) = 1 - e^-t the distribution of the delay in order is F(t) e^(-r e^-t); for r = 1 its mean is what the
// integral of 1 - F(t) e^(-e^-t) gives: 1.3283...
TEST(DelayCurve, InOrderIsTheResequencingDelay) {
  double mean = 0;
  constexpr double kWidth = 1e-4;
  for (double t = kWidth / 2; t < 40; t += kWidth) mean += kWidth * (1 - (1 - std::exp(-t)) * std::exp(-std::exp(-t)));
  EXPECT_NEAR(DelayCurve::exponential(0.1).in_order(10).mean(), mean * 0.1, kStep);
}

}  // namespace
}  // namespace nym::sim
