#include "engine/client/send_queue.h"

#include <gtest/gtest.h>

#include "engine/wire/message.h"
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

// 04 §3.4: two times of three one of the four that sent most, so the fifth gets one turn of fifteen.
TEST(SendQueue, PrefersTheLanesThatSentMostWhenAllAreLong) {
  SendQueue queue(std::make_unique<sim::SeededRandom>(8));
  for (std::uint32_t i = 0; i < 500; ++i) {
    for (std::uint32_t lane = 1; lane <= 5; ++lane) queue.push(app_lane(lane), fragment(lane));
  }
  std::map<std::uint32_t, int> turns;
  for (int i = 0; i < 300; ++i) ++turns[mark_of(queue.pop())];
  int fewest = 300;
  for (std::uint32_t lane = 1; lane <= 5; ++lane) fewest = std::min(fewest, turns[lane]);
  EXPECT_GT(fewest, 0);
  EXPECT_LT(fewest, 45);
}

// 04 §3.4: known as of the last time something left the lane.
TEST(SendQueue, PublishesALengthWhenSomethingLeaves) {
  SendQueue queue(std::make_unique<sim::SeededRandom>(4));
  for (std::uint32_t i = 0; i < 3; ++i) queue.push(app_lane(9), fragment(i + 1));
  EXPECT_EQ(queue.published_length(app_lane(9)), 0U);
  queue.pop();
  EXPECT_EQ(queue.published_length(app_lane(9)), 2U);
  queue.remove(app_lane(9));
  EXPECT_EQ(queue.published_length(app_lane(9)), 2U);
  EXPECT_EQ(queue.size(), 0U);
}

std::shared_ptr<OutgoingMessage> message(std::uint64_t id, std::size_t bytes, RandomSource& random) {
  Fragmenter fragmenter(wire::serialise(wire::PlainMessage{Bytes(bytes, 1)}), wire::PacketSize::regular, random);
  return std::make_shared<OutgoingMessage>(std::move(fragmenter), wire::PacketSize::regular, ToSender{}, MessageId{id});
}

TEST(SendQueue, CutsAMessageUpAsItsTurnsCome) {
  sim::SeededRandom random(6);
  SendQueue queue(std::make_unique<sim::SeededRandom>(5));
  auto large = message(1, 100'000, random);
  std::size_t fragments = large->fragments();
  queue.push(app_lane(1), large);
  EXPECT_EQ(queue.size(), fragments);
  EXPECT_EQ(queue.message_bytes(), large->bytes());
  EXPECT_EQ(large->remaining(), fragments);
  EXPECT_EQ(queue.pop()->outgoing.message, MessageId{1});
  EXPECT_EQ(large->remaining(), fragments - 1);
  while (queue.pop()) {
  }
  EXPECT_EQ(queue.size(), 0U);
  EXPECT_EQ(queue.message_bytes(), 0U);
  EXPECT_EQ(queue.lane_count(), 0U);
}

TEST(SendQueue, ForgetsAMessageAndKeepsTheRestOfItsLane) {
  sim::SeededRandom random(6);
  SendQueue queue(std::make_unique<sim::SeededRandom>(5));
  queue.push(app_lane(1), message(1, 10'000, random));
  queue.push(app_lane(1), message(2, 100, random));
  queue.push(app_lane(2), message(3, 10'000, random));
  queue.forget(MessageId{1});
  queue.forget(MessageId{3});
  EXPECT_EQ(queue.lane_count(), 1U);
  EXPECT_EQ(queue.size(), 1U);
  EXPECT_EQ(queue.pop()->outgoing.message, MessageId{2});
}

TEST(SendQueue, ARemovedLaneNamesItsMessages) {
  sim::SeededRandom random(6);
  SendQueue queue(std::make_unique<sim::SeededRandom>(5));
  queue.push(app_lane(1), message(1, 10'000, random));
  queue.push(app_lane(1), message(2, 100, random));
  queue.push(app_lane(2), message(3, 100, random));
  EXPECT_EQ(queue.remove(app_lane(1)), (std::vector{MessageId{1}, MessageId{2}}));
  EXPECT_EQ(queue.size(), 1U);
  EXPECT_EQ(queue.remove(app_lane(1)), std::vector<MessageId>{});
}

TEST(SendQueue, GivesRetransmissionsAloneWhenAsked) {
  SendQueue queue(std::make_unique<sim::SeededRandom>(7));
  queue.push(app_lane(1), fragment(1));
  EXPECT_FALSE(queue.pop(SendQueue::From::retransmissions));
  queue.push({Lane::Kind::retransmission, {}}, fragment(2));
  EXPECT_EQ(mark_of(queue.pop(SendQueue::From::retransmissions)), 2U);
  EXPECT_EQ(mark_of(queue.pop()), 1U);
}

}  // namespace
}  // namespace nym::client
