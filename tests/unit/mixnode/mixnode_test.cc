#include "engine/mixnode/mixnode.h"

#include <gtest/gtest.h>

#include "tests/support/packets.h"

namespace nym::mixnode {
namespace {

TimePoint at(std::int64_t ms) {
  return TimePoint::at(Duration::milliseconds(ms));
}

class MixnodeTest : public testing::Test {
 protected:
  void give(TimePoint now, Blob packet, wire::PacketSize size = wire::PacketSize::regular) {
    node.handle_input(now, relay::FrameReceived{{size, wire::PacketType::mix, std::move(packet)}});
    drain();
  }
  void drain() {
    while (auto output = node.poll_output()) {
      if (auto* dial = std::get_if<relay::DialLink>(&*output)) dialed.push_back(*dial);
      if (auto* send = std::get_if<relay::SendFrame>(&*output)) sent.push_back(send->frame);
      auto* event = std::get_if<Event>(&*output);
      auto* dropped = event == nullptr ? nullptr : std::get_if<PacketDropped>(event);
      if (dropped != nullptr) drops.push_back(dropped->reason);
    }
  }
  void open_link() {
    ASSERT_EQ(dialed.size(), 1U);
    node.handle_input(at(0), relay::LinkOpened{dialed[0].connection});
    drain();
  }

  test::SmallNetwork network{1};
  Mixnode node{{network.keys[0], relay::ReplayMode::reject, {}}, network.suite, network.random};
  std::vector<relay::DialLink> dialed;
  std::vector<wire::MixFrame> sent;
  std::vector<DropReason> drops;
};

TEST_F(MixnodeTest, KeepsAPacketForItsDelayAndSendsOneLayerLess) {
  auto packet = network.packet(0, {25'000'000});
  give(at(1'000), packet);
  EXPECT_EQ(node.held_packets(), 1U);
  EXPECT_EQ(node.poll_timeout(), at(1'025));
  EXPECT_TRUE(dialed.empty());
  node.handle_timeout(at(1'025));
  drain();
  ASSERT_EQ(dialed.size(), 1U);
  EXPECT_EQ(dialed[0].address, network.endpoints[1]);
  open_link();
  ASSERT_EQ(sent.size(), 1U);
  auto onward = network.suite.peel(packet, network.keys[0]);
  ASSERT_TRUE(onward);
  EXPECT_EQ(sent[0].packet, std::get<sphinx::ForwardPacket>(onward->hop).packet);
  EXPECT_EQ(sent[0].size, wire::PacketSize::regular);
}

TEST_F(MixnodeTest, SendsPacketsInTheOrderOfTheirRelease) {
  give(at(0), network.packet(0, {30'000'000}));
  give(at(0), network.packet(0, {10'000'000}));
  EXPECT_EQ(node.poll_timeout(), at(10));
  node.handle_timeout(at(10));
  drain();
  EXPECT_EQ(node.held_packets(), 1U);
  EXPECT_EQ(node.poll_timeout(), at(30));
}

TEST_F(MixnodeTest, RefusesAReplayEvenAfterThePacketLeft) {
  auto packet = network.packet(0, {});
  give(at(0), packet);
  give(at(0), packet);
  give(at(60'000), Blob(packet.to_bytes()));
  EXPECT_EQ(drops, (std::vector{DropReason::replayed, DropReason::replayed}));
}

TEST_F(MixnodeTest, CountsWhatItCanNotUseAndGoesOn) {
  auto damaged = network.packet(0, {}).to_bytes();
  damaged[100] ^= 1;
  give(at(0), Blob(damaged));
  give(at(0), Blob(Bytes(2413)));
  give(at(0), network.packet(3, {}));
  give(at(0), network.packet(0, {}), wire::PacketSize::outfox_regular);
  give(at(0), network.packet(1, {}));
  give(at(0), network.packet(0, {~std::uint64_t{0}}));
  EXPECT_EQ(drops[0], DropReason::bad_header_mac);
  EXPECT_EQ(drops[1], DropReason::zero_shared_secret);
  EXPECT_EQ(drops[2], DropReason::bad_header_mac);
  EXPECT_EQ(drops[3], DropReason::unsupported_packet_type);
  EXPECT_EQ(drops[4], DropReason::bad_header_mac);
  EXPECT_EQ(drops[5], DropReason::delay_too_long);
  give(at(0), network.packet(0, {}));
  EXPECT_EQ(drops.size(), 6U);
  EXPECT_EQ(dialed.size(), 1U);
}

TEST_F(MixnodeTest, SendsNothingOutOfTheNetworkThatItKnows) {
  node.handle_input(at(0), relay::HopsKnown{std::set{network.endpoints[2]}});
  give(at(0), network.packet(0, {}));
  EXPECT_EQ(drops, std::vector{DropReason::unknown_next_hop});
  EXPECT_TRUE(dialed.empty());
  node.handle_input(at(0), relay::HopsKnown{std::set{network.endpoints[1]}});
  give(at(0), network.packet(0, {}));
  EXPECT_EQ(dialed.size(), 1U);
}

TEST_F(MixnodeTest, DropsALastHop) {
  Mixnode last{{network.keys[3], relay::ReplayMode::reject, {}}, network.suite, network.random};
  last.handle_input(at(0),
                    relay::FrameReceived{{wire::PacketSize::regular, wire::PacketType::mix, network.packet(3, {})}});
  bool dropped = false;
  while (auto output = last.poll_output()) {
    auto* event = std::get_if<Event>(&*output);
    auto* drop = event == nullptr ? nullptr : std::get_if<PacketDropped>(event);
    dropped |= drop != nullptr && drop->reason == DropReason::final_hop_at_mixnode;
  }
  EXPECT_TRUE(dropped);
}

TEST_F(MixnodeTest, HoldsTheContractOfItsDriver) {
  node.handle_input(at(0),
                    relay::FrameReceived{{wire::PacketSize::regular, wire::PacketType::mix, network.packet(0, {})}});
  EXPECT_DEATH(node.handle_timeout(at(0)), "broken invariant");
}

}  // namespace
}  // namespace nym::mixnode
