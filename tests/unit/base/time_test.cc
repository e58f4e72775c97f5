#include "engine/base/time.h"

#include <gtest/gtest.h>

#include <limits>

namespace nym {
namespace {

constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t kLeast = std::numeric_limits<std::int64_t>::min();

TEST(DurationTest, UnitsAreWholeNanoseconds) {
  EXPECT_EQ(Duration::microseconds(3).ns(), 3'000);
  EXPECT_EQ(Duration::milliseconds(-2).ns(), -2'000'000);
  EXPECT_EQ(Duration::minutes(2), Duration::seconds(120));
  EXPECT_EQ(Duration::hours(1), Duration::minutes(60));
}

TEST(DurationTest, WhatDoesNotFitIsTheLargestOfItsSign) {
  EXPECT_EQ(Duration::hours(kMost), Duration::max());
  EXPECT_EQ(Duration::seconds(kLeast).ns(), -kMost);
  EXPECT_EQ(Duration::nanoseconds(kLeast).ns(), -kMost);
  EXPECT_EQ(Duration::max() + Duration::nanoseconds(1), Duration::max());
  EXPECT_EQ((Duration::seconds(-5) - Duration::max()).ns(), -kMost);
  EXPECT_EQ(Duration::max() * -2, Duration::nanoseconds(-kMost));
}

// Negating the smallest 64-bit number overflows.
TEST(DurationTest, TheSmallestDurationCanBeTakenAway) {
  EXPECT_EQ(Duration() - Duration::nanoseconds(kLeast), Duration::max());
}

}  // namespace
}  // namespace nym
