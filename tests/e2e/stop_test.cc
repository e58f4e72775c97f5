#include <gtest/gtest.h>
#include <signal.h>

#include <set>

#include "tests/e2e/clients_on_a_network.h"

namespace nym {
namespace {

constexpr Duration kPatience = Duration::seconds(60);

/// Two real clients, alice about to be stopped, within a time of the test's choice.
class Stop : public test::ClientsOnANetwork {
 protected:
  void start(const std::string& flush_deadline) {
    ASSERT_NO_FATAL_FAILURE(start_network());
    for (const std::string id : {"alice", "bob"}) {
      ASSERT_NO_FATAL_FAILURE(add_client(id));
      std::ofstream config(folder_->path() / ".nym/clients" / id / "config/config.toml", std::ios::app);
      config << "\n[delivery]\nflush_deadline = '" << flush_deadline << "'\n";
      config.close();
      ASSERT_NO_FATAL_FAILURE(run_client());
      apps_.push_back(connect_app(clients_.size() - 1));
    }
  }

  void send_from_alice(const std::string& text) {
    apps_[0]->send({{"type", "send"}, {"recipient", clients_[1].address()}, {"message", text}});
  }
  /// An answer to a later request shows that all before it were taken; and what comes later is text, as the request.
  void wait_until_taken(std::size_t client = 0) {
    auto& app = *apps_[client];
    app.send({{"type", "selfAddress"}});
    ASSERT_TRUE(runtime_.run_until([&] { return app.has_message(); }, net::now() + kPatience));
    EXPECT_EQ(app.take()->value("type", ""), "selfAddress");
  }
  std::optional<int> exit_code_of_alice() {
    std::optional<net::Timer> look;
    look.emplace(runtime_, [&] { look->arm_after(Duration::milliseconds(5)); });
    look->arm_after(Duration());
    runtime_.run_until([&] { return clients_[0].process().poll_exit().has_value(); }, net::now() + kPatience);
    return clients_[0].process().poll_exit();
  }

  std::vector<std::unique_ptr<testnet::AppConnection>> apps_;
};

TEST_F(Stop, LetsEveryAcceptedMessageLeaveFirst) {
  ASSERT_NO_FATAL_FAILURE(start("60s"));
  ASSERT_NO_FATAL_FAILURE(wait_until_taken(1));
  std::set<std::string> expected;
  for (int i = 0; i < 20; ++i) expected.insert("message " + std::to_string(i));
  for (const auto& text : expected) send_from_alice(text);
  ASSERT_NO_FATAL_FAILURE(wait_until_taken());
  clients_[0].process().interrupt();
  EXPECT_EQ(exit_code_of_alice(), 0);
  EXPECT_EQ(clients_[0].log().find("was not delivered"), std::string::npos) << clients_[0].log();
  while (!expected.empty()) {
    ASSERT_TRUE(runtime_.run_until([&] { return apps_[1]->has_message(); }, net::now() + kPatience)) << expected.size();
    EXPECT_EQ(expected.erase(apps_[1]->take()->value("message", "")), 1U);
  }
}

// 04 §1.5.6, §3.16
TEST_F(Stop, SaysWhatItDoesInTheOriginalsWords) {
  ASSERT_NO_FATAL_FAILURE(start("100ms"));
  clients_[0].process().interrupt();
  EXPECT_EQ(exit_code_of_alice(), 0);
  auto log = clients_[0].log();
  EXPECT_TRUE(log.starts_with("Starting client alice...\n")) << log;
  std::size_t at = 0;
  for (const std::string& line :
       {std::string("Obtaining initial network topology\n"), std::string("Running websocket on \"127.0.0.1:"),
        std::string("Client startup finished!\n"), "The address of this client is: " + clients_[0].address() + "\n",
        std::string("Sending shutdown\n"), std::string("Stopping nym-client\n")}) {
    at = log.find(line, at);
    ASSERT_NE(at, std::string::npos) << line << log;
  }
  EXPECT_EQ(test::text_of(folder_->path() / "alice.run.out"), "");
}

// 07 no. 40: as the system ends a program that knows nothing of signals.
TEST_F(Stop, IsTheSystemsAtOtherSignals) {
  ASSERT_NO_FATAL_FAILURE(start("60s"));
  ASSERT_EQ(::kill(clients_[0].process().pid(), SIGUSR1), 0);
  EXPECT_EQ(exit_code_of_alice(), 128 + SIGUSR1);
}

TEST_F(Stop, CancelsWhatDoesNotFitTheDeadlineAndSaysSo) {
  ASSERT_NO_FATAL_FAILURE(start("100ms"));
  send_from_alice(std::string(3'000'000, 'x'));
  ASSERT_NO_FATAL_FAILURE(wait_until_taken());
  clients_[0].process().interrupt();
  EXPECT_EQ(exit_code_of_alice(), 0);
  EXPECT_NE(clients_[0].log().find("was not delivered: the client was stopped"), std::string::npos)
      << clients_[0].log();
}

TEST_F(Stop, DoesNotWaitForANetworkThatIsGone) {
  ASSERT_NO_FATAL_FAILURE(start("100ms"));
  send_from_alice(std::string(3'000'000, 'x'));
  ASSERT_NO_FATAL_FAILURE(wait_until_taken());
  network_.reset();
  clients_[0].process().interrupt();
  EXPECT_EQ(exit_code_of_alice(), 0);
}

TEST_F(Stop, IsImmediateAtTheSecondSignal) {
  ASSERT_NO_FATAL_FAILURE(start("60s"));
  send_from_alice(std::string(3'000'000, 'x'));
  ASSERT_NO_FATAL_FAILURE(wait_until_taken());
  clients_[0].process().interrupt();
  std::optional<net::Timer> look;
  look.emplace(runtime_, [&] { look->arm_after(Duration::milliseconds(5)); });
  look->arm_after(Duration());
  ASSERT_TRUE(runtime_.run_until([&] { return clients_[0].log().find("Sending shutdown") != std::string::npos; },
                                 net::now() + kPatience));
  auto began = net::now();
  clients_[0].process().interrupt();
  EXPECT_EQ(exit_code_of_alice(), 0);
  EXPECT_LT(net::now() - began, Duration::seconds(30)) << "as long as a graceful stop";
  EXPECT_NE(clients_[0].log().find("was not delivered: the client was stopped"), std::string::npos)
      << clients_[0].log();
}

}  // namespace
}  // namespace nym
