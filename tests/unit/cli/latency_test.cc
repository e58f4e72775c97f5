#include "cli/latency.h"

#include "engine/base/text_encoding.h"
#include "net/http_server.h"
#include "net/os_random.h"
#include "tests/net/loopback.h"

namespace nym::cli {
namespace {

using net::test::kLoopback;
using net::test::LoopbackTest;

class LatencyTest : public LoopbackTest {
 protected:
  topology::Gateway gateway_at(std::uint16_t port) {
    net::OsRandom random;
    auto identity = crypto::Ed25519PrivateKey::generate(random).public_key();
    return {identity, {}, {}, "n1owner", "127.0.0.1", port, "1.1.29"};
  }
  std::unique_ptr<net::WebSocketListener> listen() {
    auto made = net::WebSocketListener::listen(runtime, kLoopback, [this](auto connection, const Endpoint&) {
      connection->start({[] {}, [](const std::string&) {}, [](const Bytes&) {}, [](std::size_t) {},
                         [](CloseReason, std::string_view) {}});
      accepted.push_back(std::move(connection));
    });
    EXPECT_TRUE(made);
    return *std::move(made);
  }

  std::vector<std::unique_ptr<net::WebSocketConnection>> accepted;
};

TEST_F(LatencyTest, GatewaysThatAnswerAreMeasuredOthersSayWhy) {
  auto first = listen();
  auto http = net::HttpServer::listen(runtime, kLoopback, [](const net::HttpRequest&) { return net::HttpAnswer{}; });
  ASSERT_TRUE(http);
  std::vector<topology::Gateway> gateways{gateway_at(first->local_endpoint().port), gateway_at(1),
                                          gateway_at((*http)->local_endpoint().port)};
  gateways.push_back(gateways[0]);
  gateways.push_back(gateways[0]);
  gateways[4].host = "not a host";
  LatencyLimits limits;
  limits.at_once = 2;
  auto measured = measure_latencies(runtime, gateways, limits);
  ASSERT_EQ(measured.size(), 5U);
  ASSERT_TRUE(measured[0]) << measured[0].error().text();
  EXPECT_GT(measured[0]->ns(), 0);
  EXPECT_LT(*measured[0], Duration::seconds(1));
  ASSERT_FALSE(measured[1]);
  EXPECT_NE(measured[1].error().text().find("ws://127.0.0.1:1"), std::string::npos) << measured[1].error().text();
  EXPECT_FALSE(measured[2]) << "no websocket there";
  EXPECT_TRUE(measured[3]);
  EXPECT_FALSE(measured[4]);
  EXPECT_EQ(accepted.size(), 2U);
}

TEST_F(LatencyTest, AGatewayThatAcceptsAndIsSilentIsGivenUp) {
  auto listener = net::WebSocketListener::listen(runtime, kLoopback, [this](auto connection, const Endpoint&) {
    accepted.push_back(std::move(connection));  // not started, and so never read from
  });
  ASSERT_TRUE(listener);
  std::vector<topology::Gateway> gateways{gateway_at((*listener)->local_endpoint().port)};
  LatencyLimits limits;
  limits.ping = Duration::milliseconds(20);
  auto measured = measure_latencies(runtime, gateways, limits);
  ASSERT_FALSE(measured[0]);
  EXPECT_NE(measured[0].error().text().find("does not answer pings"), std::string::npos) << measured[0].error().text();
}

TEST(LatencyChoice, IsInInverseProportionToTheLatency) {
  net::OsRandom random;
  const std::vector<Duration> latencies{Duration::milliseconds(10), Duration::milliseconds(30)};
  int near = 0;
  constexpr int kDraws = 4'000;
  for (int i = 0; i < kDraws; ++i) near += choose_by_latency(latencies, random) == 0 ? 1 : 0;
  // Three quarters, within six standard deviations.
  EXPECT_NEAR(near, kDraws * 3 / 4, 165);
  EXPECT_EQ(choose_by_latency(std::vector{Duration()}, random), 0U);
  EXPECT_EQ(choose_by_latency(std::vector{Duration::max()}, random), 0U);
}

TEST(LatencyText, LooksAsInTheOriginalsLog) {
  EXPECT_EQ(latency_text(Duration::nanoseconds(35'497)), "35.497µs");
  EXPECT_EQ(latency_text(Duration::microseconds(1'200)), "1.2ms");
  EXPECT_EQ(latency_text(Duration::seconds(2)), "2s");
  EXPECT_EQ(latency_text(Duration::nanoseconds(1'000'050)), "1.00005ms");
  EXPECT_EQ(latency_text(Duration()), "0ns");
}

}  // namespace
}  // namespace nym::cli
