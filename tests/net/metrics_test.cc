#include <fmt/format.h>

#include <map>
#include <regex>
#include <set>

#include "net/http_client.h"
#include "net/metrics/client_metrics.h"
#include "net/metrics/metrics_server.h"
#include "tests/net/live_client.h"

namespace nym::net::test {
namespace {

/// Lines of Prometheus' text form, by what stands before the value.
std::map<std::string, double> parse_samples(const std::string& text) {
  std::map<std::string, double> samples;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    auto space = line.rfind(' ');
    if (line.empty() || line[0] == '#' || space == std::string::npos) continue;
    samples[line.substr(0, space)] = std::stod(line.substr(space + 1));
  }
  return samples;
}

class MetricsTest : public LoopbackTest {
 protected:
  void serve() {
    auto started = MetricsServer::start(runtime, kLoopback, metrics);
    ASSERT_TRUE(started) << started.error().text();
    server = std::move(*started);
  }
  HttpResponse get(const std::string& path) {
    if (!server) serve();
    HttpClient http(runtime);
    std::optional<Result<HttpResponse>> response;
    http.get(parse_url("http://" + to_string(server->local_endpoint()) + path).value(),
             [&](Result<HttpResponse> got) { response = std::move(got); });
    EXPECT_TRUE(happens([&] { return response.has_value(); }));
    EXPECT_TRUE(*response) << response->error().text();
    return **response;
  }
  std::map<std::string, double> scrape() { return parse_samples(get("/metrics").body); }
  /// What the server says to these bytes, until it has said `until`.
  std::string answer_to(std::string_view request, std::string_view until) {
    if (!server) serve();
    TcpPeer peer;
    peer.start(TcpLink::connect(runtime, server->local_endpoint()));
    EXPECT_TRUE(happens([&] { return peer.is_open; }));
    peer.say(request);
    EXPECT_TRUE(happens([&] { return peer.heard(until) || peer.closed; }));
    return std::string(as_text(peer.received));
  }

  ClientMetrics metrics;
  std::unique_ptr<MetricsServer> server;
};

TEST_F(MetricsTest, CountEveryKindOfEvent) {
  for (int i = 0; i < 3; ++i) metrics.observe(client::PacketSent{client::PacketKind::main_cover});
  metrics.observe(client::PacketSent{client::PacketKind::retransmission});
  metrics.observe(client::MessageAccepted{{1}, 100, 2});
  metrics.observe(client::MessageEnded{{1}, client::Outcome::failed, "why"});
  metrics.observe(client::MessageReceived{77});
  metrics.observe(client::SurbsCreated{10});
  metrics.observe(client::SurbsReceived{11});
  metrics.observe(client::SurbsUsed{12});
  metrics.observe(client::SurbsRequested{13});
  metrics.observe(client::Dropped{DropReason::unknown_ack});
  metrics.observe(client::TopologyChanged{true, {}});
  metrics.observe(client::AckReceived{Duration::milliseconds(250)});
  auto samples = scrape();
  EXPECT_EQ(samples.at(R"(nym_client_packets_sent_total{kind="main_cover"})"), 3);
  EXPECT_EQ(samples.at(R"(nym_client_packets_sent_total{kind="retransmission"})"), 1);
  EXPECT_EQ(samples.at(R"(nym_client_packets_sent_total{kind="real"})"), 0);
  EXPECT_EQ(samples.at("nym_client_messages_accepted_total"), 1);
  EXPECT_EQ(samples.at("nym_client_accepted_bytes_total"), 100);
  EXPECT_EQ(samples.at(R"(nym_client_messages_ended_total{outcome="failed"})"), 1);
  EXPECT_EQ(samples.at(R"(nym_client_messages_ended_total{outcome="acknowledged"})"), 0);
  EXPECT_EQ(samples.at("nym_client_messages_received_total"), 1);
  EXPECT_EQ(samples.at("nym_client_received_bytes_total"), 77);
  EXPECT_EQ(samples.at("nym_client_surbs_created_total"), 10);
  EXPECT_EQ(samples.at("nym_client_surbs_received_total"), 11);
  EXPECT_EQ(samples.at("nym_client_surbs_used_total"), 12);
  EXPECT_EQ(samples.at("nym_client_surbs_requested_total"), 13);
  EXPECT_EQ(samples.at(R"(nym_client_dropped_total{reason="unknown_ack"})"), 1);
  EXPECT_EQ(samples.at("nym_client_topology_fetches_total"), 1);
  EXPECT_EQ(samples.at("nym_client_round_trip_seconds_count"), 1);
  EXPECT_EQ(samples.at(R"(nym_client_round_trip_seconds_bucket{le="0.2"})"), 0);
  EXPECT_EQ(samples.at(R"(nym_client_round_trip_seconds_bucket{le="0.3"})"), 1);
  EXPECT_DOUBLE_EQ(samples.at("nym_client_round_trip_seconds_sum"), 0.25);
}

TEST_F(MetricsTest, CountSessionsAfterTheFirstAsReconnections) {
  for (int i = 0; i < 3; ++i) {
    metrics.observe(client::GatewayStateChanged{client::GatewayState::ready, {}});
    metrics.observe(client::GatewayStateChanged{client::GatewayState::waiting, "connection reset"});
  }
  auto samples = scrape();
  EXPECT_EQ(samples.at("nym_client_gateway_reconnections_total"), 2);
  EXPECT_EQ(samples.at("nym_client_gateway_connections_lost_total"), 3);
}

TEST_F(MetricsTest, ShowTheStatusOfTheMoment) {
  client::Status status;
  status.gateway = client::GatewayState::authenticating;
  status.queued = {.general = 1, .surb_requests = 2, .additional_surbs = 3, .retransmissions = 4, .apps = 5};
  status.waiting_for_surbs = 6;
  status.awaiting_acks = 7;
  status.gateway_frames = 8;
  status.open_messages = 9;
  status.surbs = 10;
  status.surb_senders = 11;
  status.reply_keys = 12;
  status.reassembly_sets = 13;
  status.reassembly_bytes = 14;
  status.apps = 15;
  status.backlog_messages = 16;
  status.backlog_bytes = 17;
  metrics.watch([&] { return status; });
  auto samples = scrape();
  EXPECT_EQ(samples.at(R"(nym_client_queued_fragments{lane="general"})"), 1);
  EXPECT_EQ(samples.at(R"(nym_client_queued_fragments{lane="surb_requests"})"), 2);
  EXPECT_EQ(samples.at(R"(nym_client_queued_fragments{lane="additional_surbs"})"), 3);
  EXPECT_EQ(samples.at(R"(nym_client_queued_fragments{lane="retransmissions"})"), 4);
  EXPECT_EQ(samples.at(R"(nym_client_queued_fragments{lane="apps"})"), 5);
  EXPECT_EQ(samples.at("nym_client_waiting_for_surbs_fragments"), 6);
  EXPECT_EQ(samples.at("nym_client_unacknowledged_fragments"), 7);
  EXPECT_EQ(samples.at("nym_client_gateway_frames_in_flight"), 8);
  EXPECT_EQ(samples.at("nym_client_open_messages"), 9);
  EXPECT_EQ(samples.at("nym_client_surbs"), 10);
  EXPECT_EQ(samples.at("nym_client_surb_senders"), 11);
  EXPECT_EQ(samples.at("nym_client_reply_keys"), 12);
  EXPECT_EQ(samples.at("nym_client_reassembly_sets"), 13);
  EXPECT_EQ(samples.at("nym_client_reassembly_bytes"), 14);
  EXPECT_EQ(samples.at("nym_client_apps"), 15);
  EXPECT_EQ(samples.at("nym_client_backlog_messages"), 16);
  EXPECT_EQ(samples.at("nym_client_backlog_bytes"), 17);
  EXPECT_EQ(samples.at(R"(nym_client_gateway_state{state="authenticating"})"), 1);
  EXPECT_EQ(samples.at(R"(nym_client_gateway_state{state="ready"})"), 0);
  EXPECT_EQ(samples.at("nym_client_topology_usable"), 0);
  EXPECT_EQ(samples.at("nym_client_ready"), 0);
  status.queued.general = 100;
  EXPECT_EQ(scrape().at(R"(nym_client_queued_fragments{lane="general"})"), 100) << "read anew";
}

TEST_F(MetricsTest, ShowWhatTheProcessTakes) {
  auto samples = scrape();
  EXPECT_GT(samples.at("process_cpu_seconds_total"), 0);
  EXPECT_GT(samples.at("process_resident_memory_bytes"), 1'000'000);
  EXPECT_GT(samples.at("process_anonymous_memory_bytes"), 100'000);
  EXPECT_GT(samples.at("process_open_fds"), 2);
}

TEST_F(MetricsTest, HaveLabelsOfEnumsOnlyAsManyWithAllReasonsAsWithNone) {
  auto before = scrape();
  for (std::size_t i = 0; i < static_cast<std::size_t>(DropReason::count_); ++i) {
    metrics.observe(client::Dropped{static_cast<DropReason>(i)});
  }
  metrics.observe(client::MessageEnded{{1}, client::Outcome::failed, "my diary\"} 1\n"});
  metrics.observe(client::GatewayStateChanged{client::GatewayState::waiting, "ws://10.1.2.3:9000 refused"});
  auto text = get("/metrics").body;
  EXPECT_EQ(parse_samples(text).size(), before.size());
  EXPECT_EQ(text.find("10.1.2.3"), std::string::npos);
  EXPECT_EQ(text.find("diary"), std::string::npos);
  const std::set<std::string> allowed{"kind", "outcome", "reason", "lane", "state", "le"};
  const std::regex label(R"re([{,]([a-z_]+)="([^"]*)")re");
  for (std::sregex_iterator found(text.begin(), text.end(), label), end; found != end; ++found) {
    EXPECT_TRUE(allowed.contains((*found)[1])) << (*found)[0];
  }
}

TEST_F(MetricsTest, SayWhetherTheProcessAnswers) {
  auto response = get("/livez");
  EXPECT_EQ(response.status, 200U);
  EXPECT_EQ(response.body, "alive\n");
}

TEST_F(MetricsTest, SayWhatIsMissingUntilMessagesCanBeSent) {
  EXPECT_EQ(get("/readyz").status, 503U);
  client::Status status;
  metrics.watch([&] { return status; });
  EXPECT_EQ(get("/readyz").body, "the network's topology is not usable\n");
  status.topology_usable = true;
  status.gateway = client::GatewayState::dialing;
  EXPECT_EQ(get("/readyz").body, "the gateway session is dialing\n");
  status.gateway = client::GatewayState::ready;
  EXPECT_EQ(get("/readyz").status, 200U);
  EXPECT_EQ(get("/readyz?verbose").body, "ready\n");
  status.stopping = true;
  EXPECT_EQ(get("/readyz").status, 503U);
  EXPECT_EQ(get("/readyz").body, "the client is being stopped\n");
}

TEST_F(MetricsTest, AnswerBadRequestsWithoutServingAnything) {
  EXPECT_EQ(get("/").status, 404U);
  EXPECT_EQ(get("/metrics/x").status, 404U);
  EXPECT_EQ(get("/metrics%00").status, 404U);
  auto posted = answer_to("POST /metrics HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nhi", "only GET");
  EXPECT_TRUE(posted.starts_with("HTTP/1.1 405 ")) << posted;
  EXPECT_NE(posted.find("Allow: GET, HEAD\r\n"), std::string::npos) << posted;
  EXPECT_TRUE(answer_to("\x16\x03\x01 hello\r\n\r\n", "proper").starts_with("HTTP/1.1 400 "));
  EXPECT_TRUE(answer_to("POST /metrics HTTP/1.1\r\nContent-Length: 1000000\r\n\r\n" + std::string(2'000, 'x'), "large")
                  .starts_with("HTTP/1.1 413 "));
  EXPECT_EQ(get("/livez").status, 200U);
}

TEST_F(MetricsTest, AnswerHeadWithoutABody) {
  auto answer = answer_to("HEAD /metrics HTTP/1.1\r\nConnection: close\r\n\r\n", "\r\n\r\n");
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 200 ")) << answer;
  EXPECT_NE(answer.find("text/plain; version=0.0.4"), std::string::npos) << answer;
  EXPECT_TRUE(answer.ends_with("\r\n\r\n"));
}

TEST_F(MetricsTest, TurnAwayMoreScrapersThanTheLimit) {
  serve();
  std::vector<std::unique_ptr<TcpPeer>> peers;
  for (std::size_t i = 0; i < limits::kMetricsConnections; ++i) {
    peers.push_back(std::make_unique<TcpPeer>());
    peers.back()->start(TcpLink::connect(runtime, server->local_endpoint()));
    ASSERT_TRUE(happens([&] { return peers.back()->is_open; }));
    peers.back()->say("GET /livez HTTP/1.1\r\n\r\n");
    ASSERT_TRUE(happens([&] { return peers.back()->heard("alive"); }));
  }
  TcpPeer further;
  further.start(TcpLink::connect(runtime, server->local_endpoint()));
  EXPECT_TRUE(happens([&] { return further.closed.has_value(); }));
  peers.pop_back();
  settle();
  EXPECT_EQ(get("/livez").status, 200U);
}

/// Two clients on a private mixnet, the first one watched.
TEST_F(MetricsTest, AgreeWithTheEventsOfAClientAtWork) {
  LiveNetwork network(runtime);
  std::map<client::PacketKind, double> sent;
  std::size_t acknowledged = 0;
  auto observe = [&](const client::Event& event) {
    metrics.observe(event);
    if (const auto* packet = std::get_if<client::PacketSent>(&event)) ++sent[packet->kind];
    if (std::holds_alternative<client::MessageEnded>(event)) ++acknowledged;
  };
  auto config_for = [&](std::size_t gateway) {
    client::ClientConfig config{register_keys(runtime, network.gateway(gateway)),
                                identity_of(network.gateway(gateway)),
                                listener_of(network.gateway(gateway)),
                                {},
                                {},
                                {},
                                {},
                                {}};
    config.traffic.average_packet_delay = Duration::milliseconds(5);
    return config;
  };
  auto config = config_for(0);
  auto other = config_for(1);
  auto recipient = other.address();
  ClientDriver::Places places{std::nullopt, {network.directory()}, {":memory:", std::nullopt}};
  auto bob = ClientDriver::start(runtime, std::move(other), places, [](const client::Event&) {});
  auto alice = ClientDriver::start(runtime, std::move(config), places, observe);
  ASSERT_TRUE(alice && bob);
  auto& driver = *alice->driver;
  metrics.watch([&driver] { return driver.status(); });
  ASSERT_TRUE(happens([&] { return driver.status().ready(); }));
  EXPECT_EQ(get("/readyz").status, 200U);
  driver.open_inner_app([](const app_api::Response&) {});
  for (int i = 0; i < 5; ++i) driver.request({app_api::Send{recipient, Bytes(10, 1), app_api::LaneId{3}}});
  driver.request({app_api::SendAnonymous{recipient, Bytes(10, 1), 4, {}}});
  EXPECT_EQ(scrape().at("nym_client_messages_accepted_total"), 6);
  ASSERT_TRUE(happens([&] { return acknowledged == 6; }));

  auto before = sent;
  auto samples = scrape();
  EXPECT_EQ(samples.at(R"(nym_client_messages_ended_total{outcome="acknowledged"})"), 6);
  EXPECT_EQ(samples.at("nym_client_open_messages"), 0);
  EXPECT_EQ(samples.at("nym_client_unacknowledged_fragments"), 0);
  EXPECT_EQ(samples.at("nym_client_reply_keys"), 4);
  EXPECT_EQ(samples.at("nym_client_surbs_created_total"), 4);
  EXPECT_GE(samples.at("nym_client_round_trip_seconds_count"), 6);
  EXPECT_EQ(samples.at("nym_client_apps"), 1);
  EXPECT_EQ(samples.at("nym_client_ready"), 1);
  for (auto kind : {client::PacketKind::real, client::PacketKind::main_cover, client::PacketKind::loop_cover}) {
    auto shown = samples.at(fmt::format("nym_client_packets_sent_total{{kind=\"{}\"}}", client::to_string(kind)));
    EXPECT_GE(shown, before[kind]);
    EXPECT_LE(shown, sent[kind]);
  }
  EXPECT_GE(before[client::PacketKind::real], 6);
  driver.shut_down(Duration(), {});
  EXPECT_EQ(get("/readyz").status, 503U);
  metrics.watch({});
}

}  // namespace
}  // namespace nym::net::test
