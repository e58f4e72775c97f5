#include <gtest/gtest.h>

#include "tests/e2e/programs.h"

namespace nym {
namespace {

/// Two clients; alice has two applications.
class SeveralApps : public testing::Test {
 protected:
  void SetUp() override {
    auto folder = testnet::TemporaryDirectory::make();
    ASSERT_TRUE(folder);
    folder_.emplace(std::move(*folder));
    auto network = testnet::Network::start(runtime_, folder_->path());
    ASSERT_TRUE(network) << network.error().text();
    network_ = std::move(*network);
    for (std::size_t i = 0; i < 2; ++i) {
      testnet::ClientProcess::Place place{test::program("nym-client"), folder_->path(), network_->directory_url()};
      auto client = testnet::ClientProcess::initialise(runtime_, place, i == 0 ? "alice" : "bob",
                                                       network_->gateways()[i].identity_key);
      ASSERT_TRUE(client) << client.error().text();
      auto running = client->run(runtime_, {"--no-cover"});  // nothing here is about traffic
      ASSERT_TRUE(running) << running.error().text();
      clients_.push_back(std::move(*client));
    }
  }

  std::unique_ptr<testnet::AppConnection> connect(std::size_t client) {
    auto app = std::make_unique<testnet::AppConnection>(runtime_, clients_[client].websocket_url());
    app->send({{"type", "selfAddress"}});
    EXPECT_EQ(next(*app).value("address", ""), clients_[client].address());
    return app;
  }
  nlohmann::json next(testnet::AppConnection& app) {
    runtime_.run_until([&] { return app.has_message() || app.is_closed(); }, net::now() + Duration::seconds(60));
    auto message = app.take();
    return message ? *message : nlohmann::json({{"type", "nothing"}});
  }

  net::Runtime runtime_;
  std::optional<testnet::TemporaryDirectory> folder_;
  std::unique_ptr<testnet::Network> network_;
  std::vector<testnet::ClientProcess> clients_;
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
