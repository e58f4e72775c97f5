#include <gtest/gtest.h>

#include <map>

#include "sim/kernel/seeded_random.h"
#include "tests/e2e/clients_on_a_network.h"

namespace nym {
namespace {

constexpr int kRestarts = 20;
constexpr int kMessagesEachTime = 3;

/// Two clients under load; the gateway of the first dies again and again.
class GatewayRestarts : public test::ClientsOnANetwork {
 protected:
  void SetUp() override {
    ASSERT_NO_FATAL_FAILURE(start_alice_and_bob());
    for (std::size_t i = 0; i < 2; ++i) {
      apps_.push_back(connect_app(i));
      apps_[i]->send({{"type", "subscribe"}, {"events", {"delivery"}}});
    }
  }

  void send_some() {
    for (int i = 0; i < kMessagesEachTime; ++i) {
      for (std::size_t from = 0; from < 2; ++from) {
        auto id = std::to_string(from) + "/" + std::to_string(sent_++);
        auto text = id + std::string(3'000, 'x');
        apps_[from]->send(
            {{"type", "send"}, {"recipient", clients_[1 - from].address()}, {"message", text}, {"messageId", id}});
      }
    }
  }

  void look() {
    for (auto& app : apps_) {
      while (auto message = app->take()) {
        auto type = message->value("type", "");
        if (type == "received") ++received_[message->value("message", "")];
        if (message->contains("outcome")) ++outcomes_[message->value("outcome", "")];
      }
    }
  }
  void run_for(Duration time) {
    runtime_.run_until([] { return false; }, net::now() + time);
    look();
  }
  std::size_t ended() const {
    std::size_t count = 0;
    for (const auto& [outcome, times] : outcomes_) count += times;
    return count;
  }

  std::vector<std::unique_ptr<testnet::AppConnection>> apps_;
  std::size_t sent_ = 0;
  std::map<std::string, std::size_t> received_;
  std::map<std::string, std::size_t> outcomes_;
};

TEST_F(GatewayRestarts, TwentyTimesUnderLoadLoseNothingAndDoubleNothing) {
  sim::SeededRandom random(4);
  for (int i = 0; i < kRestarts; ++i) {
    send_some();
    run_for(Duration::milliseconds(static_cast<std::int64_t>(draw_below(random, 500))));
    network_->kill_gateway(0);
    send_some();
    run_for(Duration::milliseconds(static_cast<std::int64_t>(draw_below(random, 400))));
    auto restarted = network_->restart_gateway(0);
    ASSERT_TRUE(restarted) << restarted.error().text();
  }
  auto deadline = net::now() + Duration::minutes(3);
  while (ended() < sent_ && net::now() < deadline) run_for(Duration::milliseconds(200));
  EXPECT_EQ(outcomes_["acknowledged"], sent_);
  EXPECT_EQ(ended(), sent_);
  run_for(Duration::seconds(2));  // what would come twice
  EXPECT_EQ(received_.size(), sent_);
  for (const auto& [text, times] : received_) EXPECT_EQ(times, 1U) << text.substr(0, 20);
  for (auto& client : clients_) EXPECT_FALSE(client.process().poll_exit().has_value()) << client.log();
}

}  // namespace
}  // namespace nym
