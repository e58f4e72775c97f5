#include <gtest/gtest.h>

#include "tests/e2e/clients_on_a_network.h"

namespace nym {
namespace {

/// Two clients; alice has two applications.
class SeveralApps : public test::ClientsOnANetwork {
 protected:
  void SetUp() override { start_alice_and_bob({"--no-cover"}); }  // nothing here is about traffic

  std::unique_ptr<testnet::AppConnection> connect(std::size_t client) {
    auto app = connect_app(client);
    app->send({{"type", "selfAddress"}});
    EXPECT_EQ(next(*app).value("address", ""), clients_[client].address());
    return app;
  }
  nlohmann::json next(testnet::AppConnection& app) {
    runtime_.run_until([&] { return app.has_message() || app.is_closed(); }, net::now() + Duration::seconds(60));
    auto message = app.take();
    return message ? *message : nlohmann::json({{"type", "nothing"}});
  }
};

TEST_F(SeveralApps, EachGetTheRepliesToTheirOwnMessagesAndTheNewestTheRest) {
  auto first = connect(0);
  auto second = connect(0);
  auto bob = connect(1);
  auto ask = [&](testnet::AppConnection& app, const char* text) {
    app.send({{"type", "sendAnonymous"}, {"recipient", clients_[1].address()}, {"message", text}, {"replySurbs", 12}});
    auto question = next(*bob);
    EXPECT_EQ(question.value("message", ""), text);
    return question;
  };
  // One SURB above the reserve of ten is used up by each answer, and the oldest go first.
  auto question = ask(*first, "from the first");
  bob->send({{"type", "reply"}, {"senderTag", question["senderTag"]}, {"message", "to the first"}});
  EXPECT_EQ(next(*first).value("message", ""), "to the first");
  EXPECT_FALSE(second->has_message());
  bob->send({{"type", "send"}, {"recipient", clients_[0].address()}, {"message", "to anybody"}});
  EXPECT_EQ(next(*second).value("message", ""), "to anybody");
  EXPECT_FALSE(first->has_message());
}

TEST_F(SeveralApps, MessagesWaitForAnApplicationAndTakeItsForm) {
  auto bob = connect(1);
  bob->send({{"type", "subscribe"}, {"events", {"delivery"}}});
  EXPECT_EQ(next(*bob).value("type", ""), "subscribed");
  bob->send(
      {{"type", "send"}, {"recipient", clients_[0].address()}, {"message", "are you there?"}, {"messageId", "m"}});
  EXPECT_EQ(next(*bob).value("outcome", ""), "acknowledged");
  auto late = connect(0);
  EXPECT_EQ(next(*late).value("message", ""), "are you there?");
}

}  // namespace
}  // namespace nym
