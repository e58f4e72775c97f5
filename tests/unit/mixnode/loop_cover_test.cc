#include <gtest/gtest.h>

#include "engine/mixnode/mixnode.h"
#include "tests/support/packets.h"

namespace nym::mixnode {
namespace {

TimePoint at(std::int64_t ms) {
  return TimePoint::at(Duration::milliseconds(ms));
}

/// A mixnode of layer 1 with loops; what it sends is carried through the two others by the test.
class LoopCoverTest : public testing::Test {
 protected:
  LoopCoverTest() {
    for (std::uint8_t layer = 1; layer <= topology::kLayers; ++layer) {
      auto index = static_cast<std::size_t>(layer - 1U);
      snapshot.layers.at(index).push_back({layer, layer, network.endpoints[index],
                                           crypto::Ed25519PrivateKey::generate(network.random).public_key(),
                                           network.keys[index].public_key, "1.1.29"});
    }
    loops.average_delay = Duration::milliseconds(100);
  }

  void make(Strategy strategy = StopAndGo{}) {
    loops.topology = std::make_shared<topology::Snapshot>(snapshot);
    node.emplace(Config{network.keys[0], relay::ReplayMode::reject, {}, strategy, loops}, network.suite,
                 network.random);
    node->start(now);
    drain();
  }
  void drain() {
    while (auto output = node->poll_output()) {
      if (auto* dial = std::get_if<relay::DialLink>(&*output)) dialed.push_back(*dial);
      if (auto* send = std::get_if<relay::SendFrame>(&*output)) sent.push_back(send->frame);
      if (auto* event = std::get_if<Event>(&*output)) events.push_back(*event);
    }
    while (!dialed.empty()) {
      auto dial = dialed.back();
      dialed.pop_back();
      EXPECT_EQ(dial.address, network.endpoints[1]) << "a loop of layer 1 begins in layer 2";
      node->handle_input(now, relay::LinkOpened{dial.connection});
      drain();
    }
  }
  void run_until(TimePoint limit) {
    while (node->poll_timeout() && *node->poll_timeout() <= limit) {
      now = *node->poll_timeout();
      node->handle_timeout(now);
      drain();
    }
    now = limit;
  }
  /// Through the mixnodes of layers 2 and 3.
  void bring_back(const wire::MixFrame& frame) {
    Blob packet = frame.packet;
    for (std::size_t hop : {1U, 2U}) {
      auto peeled = network.suite.peel(packet, network.keys[hop]);
      ASSERT_TRUE(peeled);
      const auto& forward = std::get<sphinx::ForwardPacket>(peeled->hop);
      EXPECT_EQ(wire::decode_address(forward.next.bytes)->endpoint, network.endpoints[(hop + 1) % 3]);
      packet = forward.packet;
    }
    node->handle_input(now, relay::FrameReceived{{frame.size, frame.type, packet}});
    drain();
  }
  template <class Kind>
  std::size_t count() const {
    return static_cast<std::size_t>(std::count_if(
        events.begin(), events.end(), [](const Event& event) { return std::holds_alternative<Kind>(event); }));
  }

  test::SmallNetwork network{1};
  topology::Snapshot snapshot;
  LoopConfig loops;
  TimePoint now = at(1'000);
  std::optional<Mixnode> node;
  std::vector<relay::DialLink> dialed;
  std::vector<wire::MixFrame> sent;
  std::vector<Event> events;
};

TEST_F(LoopCoverTest, LeaveAtTheirRateAndLookLikeDataPackets) {
  make();
  run_until(at(11'000));
  EXPECT_NEAR(static_cast<double>(count<LoopSent>()), 100, 40);
  EXPECT_EQ(sent.size(), count<LoopSent>());
  for (const auto& frame : sent) {
    EXPECT_EQ(frame.size, wire::PacketSize::regular);
    EXPECT_EQ(frame.packet.size(), wire::packet_bytes(wire::PacketSize::regular));
  }
}

TEST_F(LoopCoverTest, AreRecognisedWhenTheyComeBack) {
  make();
  run_until(at(2'000));
  ASSERT_FALSE(sent.empty());
  auto frames = sent;
  now = at(2'500);
  for (const auto& frame : frames) bring_back(frame);
  EXPECT_EQ(count<LoopReturned>(), frames.size());
  EXPECT_EQ(count<PacketDropped>(), 0U);
  auto last = std::find_if(events.rbegin(), events.rend(),
                           [](const Event& event) { return std::holds_alternative<LoopReturned>(event); });
  EXPECT_GE(std::get<LoopReturned>(*last).round_trip, Duration::milliseconds(500));
  run_until(at(6'400));
  EXPECT_EQ(count<LoopLost>(), 0U);
}

TEST_F(LoopCoverTest, AreLostWhenTheyDoNotComeBackInTime) {
  make();
  run_until(at(1'500));
  auto first = sent.size();
  ASSERT_GT(first, 0U);
  run_until(at(6'500));
  EXPECT_EQ(count<LoopLost>(), first);
  bring_back(sent.front());
  EXPECT_EQ(count<LoopReturned>(), 0U);
  ASSERT_EQ(count<PacketDropped>(), 1U);
  EXPECT_EQ(std::get<PacketDropped>(events.back()).reason, DropReason::final_hop_at_mixnode);
}

TEST_F(LoopCoverTest, CountNoneTwice) {
  make();
  run_until(at(1'500));
  bring_back(sent.front());
  bring_back(sent.front());
  EXPECT_EQ(count<LoopReturned>(), 1U);
  EXPECT_EQ(std::get<PacketDropped>(events.back()).reason, DropReason::replayed);
}

TEST_F(LoopCoverTest, AreBoundedInNumber) {
  loops.average_delay = Duration::microseconds(100);
  loops.lost_after = Duration::seconds(1'000);
  make();
  run_until(at(1'600));
  EXPECT_EQ(count<LoopSent>(), limits::kLoopsUnderWay);
}

TEST_F(LoopCoverTest, AMixnodeThatIsNotListedMakesNone) {
  snapshot.layers[0].clear();
  snapshot.emptied[0] = true;
  make();
  run_until(at(3'000));
  EXPECT_TRUE(events.empty());
  EXPECT_EQ(node->poll_timeout().has_value(), true) << "its clock goes on: the snapshot is its driver's business";
}

TEST_F(LoopCoverTest, AMixnodeWithoutThemNeedsNoStartAndHasNoClock) {
  Mixnode plain{{network.keys[0], relay::ReplayMode::reject, {}}, network.suite, network.random};
  EXPECT_EQ(plain.poll_timeout(), std::nullopt);
}

TEST_F(LoopCoverTest, BatchStrategiesHoldPacketsWhateverTheirDelay) {
  Mixnode timed{{network.keys[0], relay::ReplayMode::reject, {}, Timed{Duration::milliseconds(100)}},
                network.suite,
                network.random};
  auto give = [&](TimePoint when, Blob packet) {
    timed.handle_input(when, relay::FrameReceived{{wire::PacketSize::regular, wire::PacketType::mix, packet}});
    while (timed.poll_output()) {
    }
  };
  give(at(1'000), network.packet(0, {}));
  give(at(1'000), network.packet(0, {3'600'000'000'000}));
  EXPECT_EQ(timed.held_packets(), 2U);
  ASSERT_TRUE(timed.poll_timeout());
  EXPECT_LE(*timed.poll_timeout(), at(1'100));
  timed.handle_timeout(*timed.poll_timeout());
  EXPECT_EQ(timed.held_packets(), 0U);
}

TEST_F(LoopCoverTest, AThresholdIsReachedInTheMutationThatReachesIt) {
  Mixnode threshold{{network.keys[0], relay::ReplayMode::reject, {}, Threshold{2}}, network.suite, network.random};
  std::size_t forwarded = 0;
  for (int i = 0; i < 3; ++i) {
    threshold.handle_input(
        at(i), relay::FrameReceived{{wire::PacketSize::regular, wire::PacketType::mix, network.packet(0, {})}});
    while (auto output = threshold.poll_output()) {
      auto* event = std::get_if<Event>(&*output);
      if (event != nullptr && std::holds_alternative<PacketForwarded>(*event)) ++forwarded;
    }
    EXPECT_EQ(forwarded, i == 0 ? 0U : 2U);
  }
  EXPECT_EQ(threshold.held_packets(), 1U);
}

}  // namespace
}  // namespace nym::mixnode
