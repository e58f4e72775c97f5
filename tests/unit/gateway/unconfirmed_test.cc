#include "engine/gateway/unconfirmed.h"

#include <gtest/gtest.h>

#include <deque>

#include "sim/kernel/seeded_random.h"

namespace nym::gateway {
namespace {

Blob draw_message(RandomSource& random) {
  Bytes stored(draw_below(random, 4) == 0 ? draw_below(random, 2'000) : draw_below(random, 60));
  random.fill(stored);
  auto tail = draw_below(random, 2) == 0 ? 0 : draw_below(random, 2'000);
  auto size = stored.size() + tail;
  return Blob::with_zero_tail(std::move(stored), size);
}

TEST(Unconfirmed, GivesBackWhatWasNotConfirmedInItsOrder) {
  sim::SeededRandom random(1);
  Unconfirmed kept;
  std::deque<Blob> expected;
  for (int round = 0; round < 2'000; ++round) {
    expected.push_back(draw_message(random));
    kept.push_back(expected.back());
    for (auto gone = draw_below(random, 3); gone > 0 && !expected.empty(); --gone) {
      expected.pop_front();
      kept.pop_front();
    }
    ASSERT_EQ(kept.size(), expected.size());
    if (round % 100 != 0) continue;
    auto all = kept.take_all();
    ASSERT_TRUE(std::equal(all.begin(), all.end(), expected.begin(), expected.end())) << round;
    EXPECT_TRUE(kept.empty());
    expected.clear();
  }
}

TEST(Unconfirmed, StoresNoZeroTail) {
  Unconfirmed kept;
  kept.push_back(Blob::with_zero_tail({1, 2}, 2'000));
  auto message = kept.take_all().front();
  EXPECT_EQ(message.size(), 2'000U);
  EXPECT_EQ(message.stored().size(), 2U);
}

TEST(Unconfirmed, TakingFromNoneIsAMisuse) {
  Unconfirmed kept;
  EXPECT_DEATH(kept.pop_front(), "broken invariant");
}

}  // namespace
}  // namespace nym::gateway
