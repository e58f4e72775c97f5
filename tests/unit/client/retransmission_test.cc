#include <gtest/gtest.h>

#include "tests/unit/client/lone_client.h"

namespace nym::client {
namespace {

using Retransmission = LoneClient;

// The original ends here (04 §5 no. 22).
TEST_F(Retransmission, WaitsForAGatewayThatLeftTheTopology) {
  auto identity = crypto::Ed25519PrivateKey::generate(random).public_key();
  other_gateway = {identity, network.keys[3].public_key, network.endpoints[3], "owner", "10.0.0.5", 9000, "1.1.29"};
  start();
  auto recipient = config.address();
  recipient.gateway = identity;
  ask(app_api::Send{recipient, Bytes(10), std::nullopt});
  live_for(Duration::seconds(1));
  ASSERT_EQ(count_sent(PacketKind::real), 1U);

  auto listed = std::exchange(other_gateway, std::nullopt);
  input(TopologyFetched{fetch, snapshot()});
  live_for(Duration::seconds(20));
  EXPECT_EQ(count_sent(PacketKind::retransmission), 0U);
  EXPECT_TRUE(ended.empty());

  other_gateway = listed;
  input(TopologyFetched{fetch, snapshot()});
  live_for(Duration::seconds(20));
  EXPECT_GE(count_sent(PacketKind::retransmission), 1U);
  EXPECT_TRUE(ended.empty());
}

}  // namespace
}  // namespace nym::client
