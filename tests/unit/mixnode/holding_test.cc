#include "engine/mixnode/holding.h"

#include <gtest/gtest.h>

#include <map>
#include <set>

#include "sim/kernel/seeded_random.h"

namespace nym::mixnode {
namespace {

TimePoint at(std::int64_t ms) {
  return TimePoint::at(Duration::milliseconds(ms));
}
constexpr Duration kAny = Duration::milliseconds(7);

class HoldingTest : public testing::Test {
 protected:
  void make(const Strategy& strategy, std::uint64_t seed = 1) {
    holding = make_holding(strategy, std::make_unique<sim::SeededRandom>(seed));
  }
  /// Packets are told apart by the ports they go to.
  void add(TimePoint now, std::uint16_t port, Duration delay = kAny) {
    holding->add(delay, {now, {Ipv4{{10, 0, 0, 1}}, port}, {}});
  }
  std::vector<std::uint16_t> take(TimePoint now) {
    std::vector<std::uint16_t> ports;
    for (const auto& packet : holding->take(now)) ports.push_back(packet.next_hop.port);
    return ports;
  }
  std::unique_ptr<Holding> holding;
};

TEST_F(HoldingTest, StopAndGoKeepsEachForItsDelay) {
  make(StopAndGo{});
  EXPECT_FALSE(holding->keeps(Duration()));
  add(at(0), 1, Duration::milliseconds(30));
  add(at(0), 2, Duration::milliseconds(10));
  add(at(5), 3, Duration::milliseconds(5));
  EXPECT_EQ(holding->next_deadline(), at(10));
  EXPECT_TRUE(take(at(9)).empty());
  EXPECT_EQ(take(at(10)), (std::vector<std::uint16_t>{2, 3}));
  EXPECT_EQ(holding->next_deadline(), at(30));
  EXPECT_EQ(take(at(30)), std::vector<std::uint16_t>{1});
  EXPECT_EQ(holding->next_deadline(), std::nullopt);
}

TEST_F(HoldingTest, TimedLetsAllGoEveryIntervalWhateverTheirDelay) {
  make(Timed{Duration::milliseconds(100)});
  EXPECT_TRUE(holding->keeps(Duration()));
  EXPECT_EQ(holding->next_deadline(), std::nullopt);
  add(at(1'000), 1, Duration());
  auto first = holding->next_deadline().value();
  EXPECT_GT(first, at(1'000));
  EXPECT_LE(first, at(1'100));
  add(first - Duration::nanoseconds(1), 2, Duration::hours(1));
  EXPECT_TRUE(take(first - Duration::nanoseconds(1)).empty());
  EXPECT_EQ(take(first).size(), 2U);
  EXPECT_EQ(holding->next_deadline(), std::nullopt);
  add(first, 3);
  EXPECT_EQ(holding->next_deadline(), first + Duration::milliseconds(100));
}

TEST_F(HoldingTest, MixnodesDoNotTickAllAtOnce) {
  std::set<TimePoint> ticks;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    make(Timed{Duration::milliseconds(100)}, seed);
    add(at(1'000), 1);
    ticks.insert(*holding->next_deadline());
  }
  EXPECT_EQ(ticks.size(), 20U);
}

TEST_F(HoldingTest, ThresholdLetsAllGoOnceThereAreSoMany) {
  make(Threshold{3});
  add(at(0), 1);
  add(at(50'000), 2);
  EXPECT_FALSE(holding->is_full());
  EXPECT_EQ(holding->next_deadline(), std::nullopt);
  EXPECT_TRUE(take(at(90'000)).empty());
  add(at(90'000), 3);
  EXPECT_TRUE(holding->is_full());
  EXPECT_EQ(take(at(90'000)).size(), 3U);
  EXPECT_EQ(holding->size(), 0U);
}

TEST_F(HoldingTest, PoolKeepsSomeDrawnOnes) {
  make(Pool{2, Duration::milliseconds(100)});
  for (std::uint16_t port = 1; port <= 5; ++port) add(at(0), port);
  auto due = *holding->next_deadline();
  EXPECT_EQ(take(due).size(), 3U);
  EXPECT_EQ(holding->size(), 2U);
  EXPECT_EQ(holding->next_deadline(), std::nullopt) << "nothing leaves unless something comes";
  add(due, 6);
  EXPECT_EQ(take(*holding->next_deadline()).size(), 1U);
}

TEST_F(HoldingTest, APoolThatIsNotFullLetsNothingGo) {
  make(Pool{4, Duration::milliseconds(100)});
  for (std::uint16_t port = 1; port <= 4; ++port) add(at(0), port);
  EXPECT_TRUE(take(*holding->next_deadline()).empty());
  EXPECT_EQ(holding->size(), 4U);
}

TEST_F(HoldingTest, BatchesLeaveInEveryOrderEquallyOften) {
  make(Threshold{3});
  std::map<std::vector<std::uint16_t>, int> orders;
  for (int i = 0; i < 6'000; ++i) {
    for (std::uint16_t port = 1; port <= 3; ++port) add(at(0), port);
    ++orders[take(at(0))];
  }
  ASSERT_EQ(orders.size(), 6U);
  for (const auto& [order, count] : orders) EXPECT_NEAR(count, 1'000, 180);
}

TEST_F(HoldingTest, WhatAPoolKeepsIsDrawnEvenly) {
  make(Pool{1, Duration::milliseconds(10)});
  std::map<std::size_t, int> rounds;  // that a packet stays for
  std::map<std::uint16_t, std::size_t> since;
  TimePoint now = at(0);
  for (std::uint16_t port = 1; port <= 9'000; ++port) {
    add(now, port);
    since[port] = port;
    now = *holding->next_deadline();
    for (auto gone : take(now)) ++rounds[port - since[gone]];
  }
  EXPECT_NEAR(rounds[0], 4'500, 350);  // with one kept, half of those that come leave at once
  EXPECT_NEAR(rounds[1], 2'250, 300);
}

}  // namespace
}  // namespace nym::mixnode
