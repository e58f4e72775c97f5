#include <gtest/gtest.h>

#include "engine/base/limits.h"
#include "engine/base/poisson_clock.h"
#include "engine/client/delay_controller.h"
#include "sim/kernel/seeded_random.h"

namespace nym::client {
namespace {

TimePoint at(std::int64_t ms) {
  return TimePoint::at(Duration::milliseconds(ms));
}

TEST(PoissonClock, TicksAtItsMeanRateAndMakesUpForLateTicks) {
  PoissonClock clock(std::make_unique<sim::SeededRandom>(1));
  auto mean = Duration::milliseconds(20);
  clock.start(at(0), mean);
  int ticks = 0;
  for (std::int64_t now = 0; now <= 100'000; now += 500) {  // looked at far more seldom than it ticks
    while (clock.is_due(at(now))) {
      clock.advance(at(now), mean);
      ++ticks;
    }
  }
  EXPECT_NEAR(ticks, 5'000, 250);
}

TEST(PoissonClock, CatchesUpAtMostASecondAfterAStall) {
  PoissonClock clock(std::make_unique<sim::SeededRandom>(2));
  auto mean = Duration::milliseconds(20);
  clock.start(at(0), mean);
  int ticks = 0;
  while (clock.is_due(at(3'600'000))) {
    clock.advance(at(3'600'000), mean);
    ++ticks;
  }
  EXPECT_LT(ticks, 100);
}

// 04 §3.6
TEST(DelayController, GrowsByOneASecondWhileNoSlotIsFreeAndShrinksWhenThePressureIsGone) {
  DelayController controller(at(0));
  for (std::int64_t now = 0; now <= 10'000; now += 100) controller.adjust(at(now), 32, 0);
  EXPECT_EQ(controller.multiplier(), 6);
  controller.adjust(at(11'000), 0, 32);
  EXPECT_EQ(controller.multiplier(), 6);
  for (std::int64_t now = 11'000; now <= 40'000; now += 100) controller.adjust(at(now), 0, 32);
  EXPECT_EQ(controller.multiplier(), 1);
}

TEST(DelayController, HoldsWhileSomePressureRemains) {
  DelayController controller(at(0));
  for (std::int64_t now = 0; now <= 3'000; now += 100) controller.adjust(at(now), 32, 0);
  auto before = controller.multiplier();
  ASSERT_GT(before, 1);
  for (std::int64_t now = 3'000; now <= 20'000; now += 100) controller.adjust(at(now), 11, 21);
  EXPECT_EQ(controller.multiplier(), before);
}

}  // namespace
}  // namespace nym::client
