#include "engine/client/send_queue.h"

#include <gtest/gtest.h>

#include "sim/kernel/seeded_random.h"

namespace nym::client {
namespace {

Lane app_lane(std::uint64_t id) {
  return Lane::of({1}, app_api::LaneId{id});
}

QueuedFragment fragment(std::uint32_t mark) {
  QueuedFragment queued;
  queued.outgoing.fragment.id = {{mark}, 1};
  return queued;
}

std::uint32_t mark_of(const std::optional<QueuedFragment>& queued) {
  return queued ? queued->outgoing.fragment.id.set.value : 0;
}

TEST(SendQueue, KeepsTheOrderOfALane) {
  SendQueue queue(std::make_unique<sim::SeededRandom>(1));
  for (std::uint32_t i = 1; i <= 5; ++i) queue.push(app_lane(1), fragment(i));
  for (std::uint32_t i = 1; i <= 5; ++i) EXPECT_EQ(mark_of(queue.pop()), i);
  EXPECT_FALSE(queue.pop());
}

TEST(SendQueue, PrefersLanesOfFewerThanAHundred) {
  SendQueue queue(std::make_unique<sim::SeededRandom>(2));
  for (std::uint32_t i = 0; i < 150; ++i) queue.push(app_lane(1), fragment(1));
  for (std::uint32_t i = 0; i < 50; ++i) queue.push(app_lane(2), fragment(2));
  for (int i = 0; i < 50; ++i) EXPECT_EQ(mark_of(queue.pop()), 2U);
  EXPECT_EQ(mark_of(queue.pop()), 1U);
}

TEST(SendQueue, SharesItsTurnsAmongEqualLanes) {
  SendQueue queue(std::make_unique<sim::SeededRandom>(3));
  for (std::uint32_t i = 0; i < 50; ++i) {
    for (std::uint32_t lane = 1; lane <= 4; ++lane) queue.push(app_lane(lane), fragment(lane));
  }
  std::map<std::uint32_t, int> turns;
  for (int i = 0; i < 80; ++i) ++turns[mark_of(queue.pop())];
  for (std::uint32_t lane = 1; lane <= 4; ++lane) EXPECT_GT(turns[lane], 8) << lane;
}

// 04 §3.4: known as of the last time something left the lane.
TEST(SendQueue, PublishesALengthWhenSomethingLeaves) {
  SendQueue queue(std::make_unique<sim::SeededRandom>(4));
  for (std::uint32_t i = 0; i < 3; ++i) queue.push(app_lane(9), fragment(i + 1));
  EXPECT_EQ(queue.published_length(app_lane(9)), 0U);
  queue.pop();
  EXPECT_EQ(queue.published_length(app_lane(9)), 2U);
  EXPECT_EQ(queue.remove(app_lane(9)).size(), 2U);
  EXPECT_EQ(queue.published_length(app_lane(9)), 2U);
  EXPECT_EQ(queue.size(), 0U);
}

}  // namespace
}  // namespace nym::client
