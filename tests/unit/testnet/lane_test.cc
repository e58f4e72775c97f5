#include "testnet/lane.h"

#include <gtest/gtest.h>

#include "net/clock.h"
#include "net/os_random.h"
#include "sim/grammar/link_change.h"

namespace nym::testnet {
namespace {

LinkQuality quality(const char* change) {
  sim::TextReader reader(change);
  auto parsed = sim::parse_link_change(reader);
  EXPECT_TRUE(parsed) << parsed.error().text();
  LinkQuality quality;
  quality.apply(*parsed);
  return quality;
}

Bytes frame(std::uint8_t mark) {
  return Bytes(100, mark);
}

/// A lane whose deliveries are noted.
class LaneTest : public testing::Test {
 protected:
  void open(Transport transport, const LinkQuality& how) {
    lane.emplace(runtime, random, transport, [this](Bytes bytes) { delivered.push_back(std::move(bytes)); });
    lane->set_quality(how);
  }
  bool wait_for(std::size_t count) {
    return runtime.run_until([&] { return delivered.size() >= count; }, net::now() + Duration::seconds(10));
  }
  void send(std::uint8_t count) {
    for (std::uint8_t i = 0; i < count; ++i) lane->pass(frame(i));
  }

  net::Runtime runtime;
  net::OsRandom random;
  std::vector<Bytes> delivered;
  std::optional<Lane> lane;
};

TEST_F(LaneTest, DeliversAtOnceWhereNothingIsDifferent) {
  open(Transport::frames, {});
  send(3);
  EXPECT_EQ(delivered.size(), 3U);
  EXPECT_EQ(lane->bytes(), 0U);
}

TEST_F(LaneTest, KeepsTheOrderAndTheTimeOfALatency) {
  open(Transport::frames, quality("latency 30ms"));
  auto began = net::now();
  send(5);
  EXPECT_TRUE(delivered.empty());
  EXPECT_EQ(lane->bytes(), 500U);
  ASSERT_TRUE(wait_for(5));
  EXPECT_GE(net::now() - began, Duration::milliseconds(30));
  for (std::uint8_t i = 0; i < 5; ++i) EXPECT_EQ(delivered[i], frame(i));
}

TEST_F(LaneTest, LosesDoublesAndDamagesWholeFrames) {
  open(Transport::frames, quality("loss 100%"));
  send(10);
  EXPECT_EQ(lane->bytes(), 0U);
  lane->set_quality(quality("duplicate 100%"));
  send(4);
  ASSERT_TRUE(wait_for(8));
  delivered.clear();
  lane->set_quality(quality("corrupt 100%"));
  send(1);
  ASSERT_TRUE(wait_for(1));
  EXPECT_EQ(delivered[0].size(), 100U);
  EXPECT_NE(delivered[0], frame(0));
  EXPECT_EQ(delivered[0][0], 0) << "the header stays: the receiver must find the next frame";
  EXPECT_EQ(delivered[0][1], 0);
}

TEST_F(LaneTest, RepairsWhatAWebsocketLoses) {
  open(Transport::websocket, quality("loss 100%"));
  auto began = net::now();
  send(3);
  ASSERT_TRUE(wait_for(3));
  EXPECT_GE(net::now() - began, Duration::milliseconds(200));
  for (std::uint8_t i = 0; i < 3; ++i) EXPECT_EQ(delivered[i], frame(i));
}

TEST_F(LaneTest, HoldsWhatIsClogged) {
  open(Transport::frames, quality("clog"));
  send(3);
  EXPECT_EQ(lane->bytes(), 300U);
  lane->set_quality({});
  EXPECT_EQ(delivered.size(), 3U);
}

TEST_F(LaneTest, APartitionLosesFramesAndHoldsWebsockets) {
  LinkQuality cut;
  cut.is_cut = true;
  open(Transport::frames, cut);
  send(3);
  lane->set_quality({});
  EXPECT_TRUE(delivered.empty());
  open(Transport::websocket, cut);
  send(3);
  lane->set_quality({});
  EXPECT_EQ(delivered.size(), 3U);
}

TEST_F(LaneTest, KeepsToARate) {
  open(Transport::frames, quality("rate 10kB/s"));
  auto began = net::now();
  send(5);
  ASSERT_TRUE(wait_for(5));
  EXPECT_GE(net::now() - began, Duration::milliseconds(50));
}

}  // namespace
}  // namespace nym::testnet
