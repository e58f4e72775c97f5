#include <gtest/gtest.h>

#include <array>
#include <fstream>
#include <map>

#include "engine/base/text_encoding.h"
#include "sim/kernel/seeded_random.h"
#include "tests/e2e/clients_on_a_network.h"

namespace nym {
namespace {

/// Two real clients on a network of this process, each with its application.
class TwoClients : public test::ClientsOnANetwork {
 protected:
  void start(const std::vector<std::string>& run_options) {
    ASSERT_NO_FATAL_FAILURE(start_alice_and_bob(run_options));
    for (std::size_t i = 0; i < 2; ++i) apps_.push_back(connect_app(i));
  }

  /// Sends `count` messages alternately from each side; every one must arrive once and unchanged.
  void exchange(std::size_t count, std::size_t max_bytes, Duration limit) {
    sim::SeededRandom random(count);
    std::map<std::string, int> outstanding;
    for (std::size_t i = 0; i < count; ++i) {
      Bytes content(draw_below(random, max_bytes / 2) + 1);
      random.fill(content);
      auto text = to_hex(content);
      ++outstanding[text];
      apps_[i % 2]->send({{"type", "send"}, {"recipient", clients_[1 - i % 2].address()}, {"message", text}});
    }
    auto deadline = net::now() + limit;
    while (!outstanding.empty()) {
      ASSERT_TRUE(runtime_.run_until([&] { return apps_[0]->has_message() || apps_[1]->has_message(); }, deadline))
          << outstanding.size() << " of " << count << " messages did not arrive";
      for (auto& app : apps_) {
        while (auto message = app->take()) {
          ASSERT_EQ(message->value("type", ""), "received");
          auto found = outstanding.find((*message)["message"].get<std::string>());
          ASSERT_NE(found, outstanding.end()) << "a message arrived that was not sent, or twice";
          if (--found->second == 0) outstanding.erase(found);
        }
      }
    }
    // Whatever would still come now comes twice.
    EXPECT_FALSE(runtime_.run_until([&] { return apps_[0]->has_message() || apps_[1]->has_message(); },
                                    net::now() + Duration::seconds(2)));
  }

  std::vector<std::unique_ptr<testnet::AppConnection>> apps_;
};

TEST_F(TwoClients, ExchangeFiftyMessagesOfRandomSizeAtDefaultRates) {
  ASSERT_NO_FATAL_FAILURE(start({}));
  exchange(50, 20'000, Duration::seconds(120));
}

TEST_F(TwoClients, SlowExchangeAThousandMessagesInFastMode) {
  ASSERT_NO_FATAL_FAILURE(start({"--fastmode"}));
  exchange(1'000, 100'000, Duration::minutes(20));
}

/// The most that a process held in main memory beside files, in bytes.
std::size_t anonymous_memory(pid_t pid) {
  std::ifstream status("/proc/" + std::to_string(pid) + "/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("RssAnon:")) return std::stoul(line.substr(8)) * 1'024;
  }
  return 0;
}

// Cut up as its turns come, put together in files: the message itself is all that both sides hold.
TEST_F(TwoClients, SlowExchangeAMessageOfAHundredMegabytes) {
  constexpr std::size_t kSize = 100'000'000;
  ASSERT_NO_FATAL_FAILURE(start({"--fastmode"}));
  sim::SeededRandom random(1);
  Bytes content(kSize / 2);
  random.fill(content);
  auto text = to_hex(content);
  apps_[1]->send({{"type", "selfAddress"}});  // an app that never spoke gets the binary form
  ASSERT_TRUE(runtime_.run_until([&] { return apps_[1]->take().has_value(); }, net::now() + Duration::seconds(5)));
  apps_[0]->send({{"type", "send"}, {"recipient", clients_[1].address()}, {"message", text}});
  std::array<std::size_t, 2> peak{};
  auto deadline = net::now() + Duration::minutes(20);
  while (!apps_[1]->has_message() && net::now() < deadline) {
    runtime_.run_until([&] { return apps_[1]->has_message(); }, net::now() + Duration::milliseconds(500));
    for (std::size_t i = 0; i < 2; ++i) {
      peak.at(i) = std::max(peak.at(i), anonymous_memory(clients_[i].process().pid()));
    }
  }
  auto message = apps_[1]->take();
  ASSERT_TRUE(message) << "the message did not arrive";
  EXPECT_TRUE((*message)["message"].get<std::string>() == text);
  std::printf("peak anonymous memory: sender %zu MB, receiver %zu MB\n", peak[0] >> 20U, peak[1] >> 20U);
  EXPECT_LT(peak[0], 6 * kSize);
  EXPECT_LT(peak[1], 6 * kSize);
}

}  // namespace
}  // namespace nym
