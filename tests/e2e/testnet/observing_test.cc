#include "net/http_client.h"
#include "net/tcp_link.h"
#include "testnet/control.h"
#include "tests/e2e/testnet/running_network.h"

namespace nym {
namespace {

class TestnetObserving : public test::RunningNetwork {
 protected:
  net::HttpResponse get(const std::string& address) {
    std::optional<Result<net::HttpResponse>> response;
    http.get(*net::parse_url(address), [&](Result<net::HttpResponse> answer) { response = std::move(answer); });
    runtime.run_until([&] { return response.has_value(); }, net::now() + Duration::seconds(10));
    return response && *response ? **response : net::HttpResponse{};
  }
  /// Everything that is answered to these bytes until the other side closes.
  std::string exchange(const std::string& address, const std::string& request) {
    auto url = net::parse_url(address);
    auto link = net::TcpLink::connect(runtime, Endpoint{*parse_ip(url->host), url->port});
    std::string answer;
    bool is_closed = false;
    link->start({[] {}, [&](ByteView data) { answer.append(as_text(data)); }, [](std::size_t) {},
                 [&](CloseReason, std::string_view) { is_closed = true; }});
    link->send(to_bytes(as_bytes(request)));
    runtime.run_until([&] { return is_closed; }, net::now() + Duration::seconds(10));
    return answer;
  }

  net::Runtime runtime;
  net::HttpClient http{runtime};
};

TEST_F(TestnetObserving, EveryRoleHasFiguresAndHealth) {
  for (std::vector<std::string> how : {std::vector<std::string>{"--clients", "1"}, {"--clients", "1", "--processes"}}) {
    ASSERT_NO_FATAL_FAILURE(up(how));
    auto now = status();
    auto own = get(now.value("directory", "") + "/metrics").body;
    EXPECT_NE(own.find("nym_testnet_nodes{state=\"ready\"} 6"), std::string::npos);
    EXPECT_EQ(get(now.value("directory", "") + "/readyz").status, 200U);
    bool is_inner = how.size() == 2;
    auto gateway = is_inner ? own : get(now["gateways"][0].value("http", "") + "/metrics").body;
    EXPECT_NE(gateway.find("nym_gateway_connected_clients"), std::string::npos);
    EXPECT_NE(gateway.find(is_inner ? "nym_gateway_up{node=\"gw1\"} 1" : "nym_gateway_up 1"), std::string::npos);
    auto mixnode = is_inner ? own : get(now["mixnodes"][0].value("http", "") + "/metrics").body;
    EXPECT_NE(mixnode.find("nym_mixnode_packets_received_total"), std::string::npos);
    auto client = now["clients"][0].value("http", "");
    EXPECT_NE(get(client + "/metrics").body.find("nym_client_ready 1"), std::string::npos);
    EXPECT_EQ(get(client + "/livez").status, 200U);
    ASSERT_EQ(testnet_command({"kill", "mix1"}).exit_code, 0);
    EXPECT_EQ(get(now.value("directory", "") + "/readyz").body, "mix1 is stopped\n");
    ASSERT_EQ(testnet_command({"down"}).exit_code, 0);
  }
}

TEST_F(TestnetObserving, TheDirectoryTakesRepeatedSlashesAndPagesOfAnyOrigin) {
  ASSERT_NO_FATAL_FAILURE(up());
  auto directory = status().value("directory", "");
  auto plain = get(directory + "/v1/gateways");
  EXPECT_EQ(plain.status, 200U);
  for (const char* path : {"/api//v1/gateways", "//v1//gateways/", "/api/v1/gateways?page=0"}) {
    EXPECT_EQ(get(directory + path).body, plain.body) << path;
  }
  for (const char* path : {"/v1/mixnodes", "/v1/mixnodes/active", "/v1/status/gateways/detailed"}) {
    EXPECT_EQ(get(directory + path).status, 200U) << path;
  }
  EXPECT_EQ(get(directory + "/v1/nothing").status, 404U);
  auto asked = exchange(directory,
                        "OPTIONS /v1/gateways HTTP/1.1\r\nHost: x\r\nOrigin: http://a\r\nConnection: close\r\n"
                        "Access-Control-Request-Method: GET\r\nAccess-Control-Request-Headers: content-type\r\n\r\n");
  EXPECT_TRUE(asked.starts_with("HTTP/1.1 204")) << asked;
  EXPECT_NE(asked.find("Access-Control-Allow-Origin: *"), std::string::npos) << asked;
  EXPECT_NE(asked.find("content-type"), std::string::npos) << asked;
  EXPECT_EQ(test::text_of(this->directory() / "directory/v1/gateways"), plain.body);
}

TEST_F(TestnetObserving, TheLivePageFollowsAPacket) {
  for (bool own_processes : {false, true}) {
    std::vector<std::string> options{"--dashboard", "127.0.0.1:0"};
    if (own_processes) options.emplace_back("--processes");
    ASSERT_NO_FATAL_FAILURE(up(options));
    auto page = status().value("dashboard", "");
    EXPECT_NE(get(page).body.find("<title>nym-testnet</title>"), std::string::npos);
    auto sent = exchange(page, "POST /api/trace HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    EXPECT_TRUE(sent.starts_with("HTTP/1.1 200")) << sent;
    nlohmann::json stops;
    auto arrived = [&] {
      stops = nlohmann::json::parse(get(page + "api/state").body, nullptr, false)["traces"][0]["stops"];
      return stops.size() == 4 && stops[3].contains("seen_ms");
    };
    auto deadline = net::now() + Duration::seconds(10);
    while (!arrived() && net::now() < deadline) continue;
    ASSERT_TRUE(stops.size() == 4 && stops[3].contains("seen_ms")) << stops;
    for (std::size_t i = 0; i + 1 < stops.size(); ++i) {
      auto stayed = stops[i + 1]["seen_ms"].get<double>() - stops[i]["seen_ms"].get<double>();
      EXPECT_GE(stayed + 1, stops[i]["delay_ms"].get<double>()) << stops;
    }
    ASSERT_EQ(testnet_command({"down"}).exit_code, 0);
  }
}

TEST_F(TestnetObserving, TheControlSocketSurvivesNonsense) {
  ASSERT_NO_FATAL_FAILURE(up());
  for (const char* line :
       {"nonsense", "[]", "{}", "{\"command\":1}", "{\"command\":\"nonsense\"}", "{\"command\":\"kill\",\"node\":3}",
        "{\"command\":\"fault-add\",\"line\":[]}", "{\"command\":\"fault-clear\",\"number\":99}"}) {
    auto link = net::TcpLink::connect(runtime, testnet::control_socket(directory()));
    ASSERT_TRUE(link);
    std::string answer;
    (*link)->start({[] {}, [&](ByteView data) { answer.append(as_text(data)); }, [](std::size_t) {},
                    [](CloseReason, std::string_view) {}});
    (*link)->send(to_bytes(as_bytes(std::string(line) + "\n")));
    runtime.run_until([&] { return answer.ends_with("\n"); }, net::now() + Duration::seconds(10));
    EXPECT_TRUE(answer.starts_with("{\"ok\":false,\"error\":\"")) << line << ": " << answer;
  }
  auto link = net::TcpLink::connect(runtime, testnet::control_socket(directory()));
  ASSERT_TRUE(link);
  bool is_closed = false;
  (*link)->start(
      {[] {}, [](ByteView) {}, [](std::size_t) {}, [&](CloseReason, std::string_view) { is_closed = true; }});
  (*link)->send(Bytes(std::size_t{1} << 20U, 'x'));
  EXPECT_TRUE(runtime.run_until([&] { return is_closed; }, net::now() + Duration::seconds(10)))
      << "a line without an end is not kept";
  EXPECT_TRUE(status().value("ready", false));
}

}  // namespace
}  // namespace nym
