#include "tests/unit/client/lone_client.h"

namespace nym::client {
namespace {

class Stopping : public LoneClient {};

TEST_F(Stopping, IsDoneAtOnceWhenNothingIsOpen) {
  start();
  input(Shutdown{Duration::seconds(2)});
  EXPECT_EQ(stopped, 1);
}

TEST_F(Stopping, WaitsForAcknowledgementsAndNotLongerThanForThem) {
  start();
  send("one");
  send("two");
  input(Shutdown{Duration::seconds(2)});
  EXPECT_EQ(stopped, 0);
  run_for(Duration::milliseconds(500));
  EXPECT_EQ(count_sent(PacketKind::real), 2U);
  EXPECT_EQ(stopped, 0);
  acknowledge();
  EXPECT_EQ(stopped, 1);
  ASSERT_EQ(ended.size(), 2U);
  for (const auto& end : ended) EXPECT_EQ(end.outcome, Outcome::acknowledged);
}

TEST_F(Stopping, CancelsAtTheDeadlineWhatHasNoOutcome) {
  start();
  send("one");
  send(std::string(50'000, 'x'));
  input(Shutdown{Duration::seconds(2)});
  run_for(Duration::milliseconds(1'999));
  EXPECT_EQ(stopped, 0);
  EXPECT_TRUE(ended.empty());
  run_for(Duration::milliseconds(1));
  EXPECT_EQ(stopped, 1);
  ASSERT_EQ(ended.size(), 2U);
  for (const auto& end : ended) {
    EXPECT_EQ(end.outcome, Outcome::cancelled);
    EXPECT_EQ(end.why, "the client was stopped");
  }
  EXPECT_EQ(client->open_messages(), 0U);
}

TEST_F(Stopping, CancelsAtTheDeadlineAlsoWhileTheGatewayIsAway) {
  start();
  send("one");
  input(GatewayClosed{gateway, CloseReason::reset, {}});
  input(Shutdown{Duration::seconds(2)});
  run_for(Duration::seconds(2));
  EXPECT_EQ(stopped, 1);
  ASSERT_EQ(ended.size(), 1U);
  EXPECT_EQ(ended[0].outcome, Outcome::cancelled);
}

TEST_F(Stopping, TakesNoNewMessagesMeanwhile) {
  start();
  send("one");
  input(Shutdown{Duration::seconds(2)});
  answers.clear();
  send("two");
  EXPECT_EQ(client->open_messages(), 1U);
  ASSERT_EQ(answers.size(), 1U);
  const auto* error = std::get_if<app_api::RequestError>(&answers[0]);
  ASSERT_NE(error, nullptr);
  EXPECT_EQ(error->detail, "the client is being stopped");
}

TEST_F(Stopping, KeepsTheCoverTrafficUpMeanwhile) {
  start();
  send("one");
  input(Shutdown{Duration::seconds(2)});
  run_for(Duration::milliseconds(1'500));
  EXPECT_EQ(count_sent(PacketKind::real), 1U);
  EXPECT_GT(count_sent(PacketKind::main_cover), 40U);
}

TEST_F(Stopping, WaitsForTheDisk) {
  start();
  ask(app_api::SendAnonymous{config.address(), {1, 2, 3}, 2, {}});
  input(Shutdown{Duration::seconds(2)});
  EXPECT_EQ(stopped, 0);
  ASSERT_EQ(persists.size(), 1U);
  input(Persisted{persists[0].id, std::nullopt});
  run_for(Duration::milliseconds(500));
  acknowledge();
  EXPECT_EQ(stopped, 1);
  ASSERT_EQ(ended.size(), 1U);
  EXPECT_EQ(ended[0].outcome, Outcome::acknowledged);
}

TEST_F(Stopping, EndsAtOnceWhenToldASecondTimeWithoutTime) {
  start();
  send("one");
  input(Shutdown{Duration::seconds(2)});
  input(Shutdown{Duration()});
  EXPECT_EQ(stopped, 1);
  ASSERT_EQ(ended.size(), 1U);
  EXPECT_EQ(ended[0].outcome, Outcome::cancelled);
}

TEST_F(Stopping, IsNotPutOffByASecondRequestWithMoreTime) {
  start();
  send("one");
  input(Shutdown{Duration::seconds(1)});
  input(Shutdown{Duration::seconds(10)});
  run_for(Duration::seconds(1));
  EXPECT_EQ(stopped, 1);
}

TEST_F(Stopping, DoesNothingAnyMoreAfterwards) {
  start();
  input(Shutdown{Duration::seconds(2)});
  ASSERT_EQ(stopped, 1);
  auto dials_before = dials;
  input(GatewayClosed{gateway, CloseReason::shutdown, {}});
  input(AppClosed{app});
  EXPECT_FALSE(client->poll_timeout());
  EXPECT_EQ(dials, dials_before);
}

}  // namespace
}  // namespace nym::client
