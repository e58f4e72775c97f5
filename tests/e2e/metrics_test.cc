#include <gtest/gtest.h>

#include "net/http_client.h"
#include "tests/e2e/programs.h"

namespace nym {
namespace {

constexpr Duration kPatience = Duration::seconds(60);

/// What the log says behind `before`, up to the end of the line.
std::string logged_behind(const testnet::ClientProcess& client, const std::string& before) {
  auto log = client.log();
  auto at = log.find(before);
  if (at == std::string::npos) return {};
  auto from = at + before.size();
  return log.substr(from, log.find('\n', from) - from);
}

TEST(Metrics, OfARunningClientAreServedWhereItWasTold) {
  net::Runtime runtime;
  auto folder = testnet::TemporaryDirectory::make();
  ASSERT_TRUE(folder);
  auto network = testnet::Network::start(runtime, folder->path());
  ASSERT_TRUE(network) << network.error().text();
  testnet::ClientProcess::Place place{test::program("nym-client"), folder->path(), (*network)->directory_url()};
  auto client = testnet::ClientProcess::initialise(runtime, place, "alice", (*network)->gateways()[0].identity_key);
  ASSERT_TRUE(client) << client.error().text();
  auto running = client->run(runtime, {"--metrics", "127.0.0.1:0"});
  ASSERT_TRUE(running) << running.error().text();

  auto base = logged_behind(*client, "metrics on ");
  auto url = net::parse_url(base);
  ASSERT_TRUE(url) << client->log();
  net::HttpClient http(runtime);
  std::optional<Result<net::HttpResponse>> answer;
  auto shows_packets = [&] {
    if (!answer) return false;
    if (*answer && (*answer)->status == 200 && (*answer)->body.find("nym_client_ready 1") != std::string::npos)
      return true;
    answer.reset();
    http.get(*url, [&](auto response) { answer = std::move(response); });
    return false;
  };
  http.get(*url, [&](auto response) { answer = std::move(response); });
  EXPECT_TRUE(runtime.run_until(shows_packets, net::now() + kPatience));
}

}  // namespace
}  // namespace nym
