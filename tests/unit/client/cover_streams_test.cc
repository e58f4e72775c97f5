#include <gtest/gtest.h>

#include "engine/wire/cover.h"
#include "tests/unit/client/lone_client.h"

namespace nym::client {
namespace {

class CoverStreams : public LoneClient {
 protected:
  /// How long a packet stays at its first mixnode.
  double first_delay_ms(const Blob& sealed) {
    auto opened = network.suite.open_envelope(config.keys.gateway_shared, sealed);
    EXPECT_TRUE(opened);
    auto packet = wire::parse_mix_packet(*opened);
    EXPECT_TRUE(packet);
    auto node = std::find(network.endpoints.begin(), network.endpoints.end(), packet->next_hop);
    auto index = static_cast<std::size_t>(node - network.endpoints.begin());
    auto peeled = network.suite.peel(packet->packet, network.keys.at(index));
    EXPECT_TRUE(peeled);
    return static_cast<double>(std::get<sphinx::ForwardPacket>(peeled->hop).delay.ns) / 1e6;
  }
};

// 04 §3.7
TEST_F(CoverStreams, TheIntervalOfTheLoopStreamIsTheMeanDelayOfItsPackets) {
  config.traffic.loop_cover_stream = Switch::on;
  config.traffic.main_poisson_stream = Switch::off;
  config.traffic.average_packet_delay = Duration();
  start();
  live_for(Duration::seconds(40));
  ASSERT_GT(packets.size(), 100U);
  double total = 0;
  for (const auto& packet : packets) total += first_delay_ms(packet);
  EXPECT_NEAR(total / static_cast<double>(packets.size()), 200, 100);
}

TEST_F(CoverStreams, RunAtTheirRates) {
  config.traffic.loop_cover_stream = Switch::on;
  start();
  live_for(Duration::seconds(20));
  EXPECT_NEAR(static_cast<double>(count_sent(PacketKind::main_cover)), 1'000, 200);
  EXPECT_NEAR(static_cast<double>(count_sent(PacketKind::loop_cover)), 100, 60);
}

TEST_F(CoverStreams, DropCoverRunsAtItsRateAndIsAPacketLikeOthers) {
  config.traffic.main_poisson_stream = Switch::off;
  config.traffic.drop_cover_average_delay = Duration::milliseconds(50);
  start();
  live_for(Duration::seconds(10));
  EXPECT_NEAR(static_cast<double>(count_sent(PacketKind::drop_cover)), 200, 80);
  EXPECT_EQ(sent.size(), count_sent(PacketKind::drop_cover));
  double total = 0;
  for (const auto& packet : packets) {
    EXPECT_EQ(packet.size(), packets.front().size());
    total += first_delay_ms(packet);
  }
  EXPECT_NEAR(total / static_cast<double>(packets.size()), 50, 20);
}

TEST_F(CoverStreams, DropCoverEndsAtSomeGatewayWithNothingToStoreOrAcknowledge) {
  config.traffic.main_poisson_stream = Switch::off;
  config.traffic.drop_cover_average_delay = Duration::milliseconds(50);
  start();
  live_for(Duration::seconds(1));
  ASSERT_FALSE(packets.empty());
  for (const auto& sealed : packets) {
    auto opened = network.suite.open_envelope(config.keys.gateway_shared, sealed);
    ASSERT_TRUE(opened);
    auto packet = wire::parse_mix_packet(*opened);
    ASSERT_TRUE(packet);
    auto plaintext = peel(packet->next_hop, packet->packet);
    EXPECT_TRUE(wire::is_drop_cover(packet->size, plaintext.size()));
    EXPECT_FALSE(wire::split_final_payload(plaintext));
  }
}

TEST_F(CoverStreams, WithoutTheMainStreamOnlyMessagesLeaveAndAtOnce) {
  config.traffic.main_poisson_stream = Switch::off;
  start();
  live_for(Duration::seconds(1));
  EXPECT_TRUE(sent.empty());
  send("one");
  run_for(Duration::milliseconds(1));
  EXPECT_EQ(sent, std::vector{PacketKind::real});
}

}  // namespace
}  // namespace nym::client
