#include "engine/client/status.h"

#include "tests/unit/client/lone_client.h"

namespace nym::client {
namespace {

class ClientStatus : public LoneClient {};

TEST_F(ClientStatus, IsReadyOnceGatewayAndTopologyAre) {
  start();
  EXPECT_TRUE(client->status().ready());
  EXPECT_EQ(client->status().apps, 1U);
  input(GatewayClosed{gateway, CloseReason::reset, {}});
  EXPECT_EQ(client->status().gateway, GatewayState::waiting);
  EXPECT_FALSE(client->status().ready());
}

TEST_F(ClientStatus, IsNotReadyWhileItStops) {
  start();
  send("one");
  input(Shutdown{Duration::seconds(2)});
  EXPECT_TRUE(client->status().stopping);
  EXPECT_FALSE(client->status().ready());
}

TEST_F(ClientStatus, CountsFragmentsFromTheQueueToTheirAcknowledgement) {
  start();
  send("for no lane");
  send("for a lane", app_api::LaneId{7});
  send("for another", app_api::LaneId{8});
  auto status = client->status();
  EXPECT_EQ(status.queued.general + status.queued.apps + status.awaiting_acks, 3U);
  EXPECT_EQ(status.open_messages, 3U);
  run_for(Duration::milliseconds(500));
  status = client->status();
  EXPECT_EQ(status.queued.general + status.queued.apps, 0U);
  EXPECT_EQ(status.awaiting_acks, 3U);
  acknowledge();
  status = client->status();
  EXPECT_EQ(status.awaiting_acks, 0U);
  EXPECT_EQ(status.open_messages, 0U);
}

TEST_F(ClientStatus, TellsLanesOfApplicationsFromTheOthers) {
  config.traffic.main_poisson_stream = Switch::off;
  start();
  input(GatewayClosed{gateway, CloseReason::reset, {}});
  send("for no lane");
  send("for a lane", app_api::LaneId{7});
  send("for another", app_api::LaneId{8});
  EXPECT_EQ(client->status().queued.general, 1U);
  EXPECT_EQ(client->status().queued.apps, 2U);
}

TEST_F(ClientStatus, CountsTheKeysOfSurbsThatItGaveOut) {
  start();
  ask(app_api::SendAnonymous{config.address(), {1, 2, 3}, 4, {}});
  EXPECT_EQ(client->status().reply_keys, 4U);
}

TEST(StatusNames, AreTheOnesOfEveryState) {
  EXPECT_EQ(to_string(GatewayState::disconnected), "disconnected");
  EXPECT_EQ(to_string(GatewayState::ready), "ready");
  EXPECT_EQ(to_string(GatewayState::waiting), "waiting");
  EXPECT_EQ(to_string(Outcome::cancelled), "cancelled");
  EXPECT_EQ(to_string(PacketKind::loop_cover), "loop_cover");
}

}  // namespace
}  // namespace nym::client
