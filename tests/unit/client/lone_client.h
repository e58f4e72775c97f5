#pragma once

#include <gtest/gtest.h>

#include <deque>

#include "engine/app_api/codec.h"
#include "engine/base/overloaded.h"
#include "engine/client/client.h"
#include "engine/wire/final_payload.h"
#include "engine/wire/mix_packet.h"
#include "tests/support/packets.h"

namespace nym::client {

/// A whole Client with one application; gateway and mixnodes are played by the test, which alone moves the time.
class LoneClient : public testing::Test {
 protected:
  LoneClient() { config.traffic.loop_cover_stream = Switch::off; }

  void start() {
    client.emplace(config, StoredState{}, network.suite, random, spool);
    client->start(now, {1'700'000'000});
    drain();
    input(TopologyFetched{fetch, snapshot()});
    input(GatewayOpened{gateway});
    input(GatewayText{
        gateway, R"({"type":"authenticate","protocol_version":1,"status":true,"bandwidth_remaining":99999999999})"});
    input(AppOpened{app});
  }

  void input(Input given) {
    client->handle_input(now, std::move(given));
    drain();
  }
  void send(const std::string& text, std::optional<app_api::LaneId> lane = {}) {
    ask(app_api::Send{config.address(), to_bytes(as_bytes(text)), lane});
  }
  void ask(const app_api::Request& request) {
    input(FromApp{app, {app_api::Format::binary, app_api::to_binary(request)}});
  }
  /// To the next deadline, or to `limit` if that is earlier; then the gateway's socket takes what was sent.
  void step(TimePoint limit) {
    auto due = client->poll_timeout();
    now = due && *due < limit ? *due : limit;
    if (due && *due <= now) {
      client->handle_timeout(now);
      drain();
    }
    if (auto written = std::exchange(unwritten, 0); written > 0) input(GatewayWritten{gateway, written});
  }
  void run_for(Duration time) {
    auto limit = now + time;
    while (now < limit) step(limit);
  }
  /// As `run_for`, with a gateway that gives signs of life.
  void live_for(Duration time) {
    auto limit = now + time;
    while (now < limit) {
      run_for(Duration::milliseconds(500));
      input(GatewayText{gateway, R"({"type":"send","remaining_bandwidth":99999999999})"});
    }
  }
  std::shared_ptr<const topology::Snapshot> snapshot() {
    topology::Snapshot made;
    for (std::uint8_t layer = 1; layer <= topology::kLayers; ++layer) {
      auto index = static_cast<std::size_t>(layer - 1U);
      made.layers[index].push_back({layer, layer, network.endpoints[index],
                                    crypto::Ed25519PrivateKey::generate(random).public_key(),
                                    network.keys[index].public_key, "1.1.29"});
    }
    made.gateways.push_back(
        {config.gateway, network.keys[3].public_key, network.endpoints[3], "owner", "10.0.0.4", 9000, "1.1.29"});
    if (other_gateway) made.gateways.push_back(*other_gateway);
    return std::make_shared<const topology::Snapshot>(std::move(made));
  }
  /// Brings home the acknowledgements of all packets sent so far.
  void acknowledge() {
    for (const auto& sealed : std::exchange(packets, {})) {
      auto opened = network.suite.open_envelope(config.keys.gateway_shared, sealed);
      ASSERT_TRUE(opened);
      auto packet = wire::parse_mix_packet(*opened);
      ASSERT_TRUE(packet);
      auto payload = wire::split_final_payload(peel(packet->next_hop, packet->packet));
      ASSERT_TRUE(payload);
      auto ack = peel(payload->ack_first_hop, payload->ack_packet);
      input(GatewayBinary{gateway, network.suite.seal_envelope(config.keys.gateway_shared, {}, ack)});
    }
  }
  /// All layers off; what the last hop finds.
  Blob peel(Endpoint hop, Blob packet) {
    while (true) {
      auto node = std::find(network.endpoints.begin(), network.endpoints.end(), hop) - network.endpoints.begin();
      auto peeled = network.suite.peel(packet, network.keys.at(static_cast<std::size_t>(node)));
      if (!peeled) return {};
      auto* forward = std::get_if<sphinx::ForwardPacket>(&peeled->hop);
      if (forward == nullptr) return std::get<sphinx::FinalPacket>(peeled->hop).plaintext;
      hop = wire::decode_address(forward->next.bytes)->endpoint;
      packet = forward->packet;
    }
  }
  std::size_t count_sent(PacketKind kind) const {
    return static_cast<std::size_t>(std::count(sent.begin(), sent.end(), kind));
  }

  test::SmallNetwork network{1};
  sim::SeededRandom random{2};
  ClientConfig config{{crypto::Ed25519PrivateKey::generate(random), crypto::X25519KeyPair::generate(random),
                       draw_secret<16>(random), sphinx::GatewaySharedKeys::from_bytes(draw_array<32>(random))},
                      crypto::Ed25519PrivateKey::generate(random).public_key(),
                      "ws://gateway:9000",
                      {},
                      {},
                      {},
                      {},
                      {}};
  MemorySpool spool;
  std::optional<Client> client;
  TimePoint now = TimePoint::at(Duration::seconds(1));
  AppSessionId app{1};
  ConnectionId gateway;
  FetchId fetch;
  std::optional<topology::Gateway> other_gateway;  ///< listed beside ours
  std::vector<Blob> packets;                       ///< sealed, for the gateway
  std::size_t unwritten = 0;
  std::vector<PacketKind> sent;
  std::vector<Persist> persists;
  std::vector<MessageEnded> ended;
  std::deque<app_api::Response> answers;
  int dials = 0;
  int stopped = 0;

 private:
  void drain() {
    while (auto output = client->poll_output()) {
      EXPECT_EQ(stopped, 0) << "an output after Stopped";
      std::visit(
          Overloaded{
              [&](DialGateway& dial) {
                gateway = dial.connection;
                ++dials;
              },
              [&](SendBinary& packet) {
                packets.push_back(packet.data);
                ++unwritten;
              },
              [&](FetchTopology& wanted) { fetch = wanted.id; },
              [&](Persist& persist) { persists.push_back(std::move(persist)); },
              [&](ToApp& answer) { answers.push_back(app_api::parse_binary_response(answer.frame.data).value()); },
              [&](Stopped&) { ++stopped; },
              [&](Event& event) {
                if (const auto* packet = std::get_if<PacketSent>(&event)) sent.push_back(packet->kind);
                if (auto* end = std::get_if<MessageEnded>(&event)) ended.push_back(std::move(*end));
              },
              [](auto&) {},
          },
          *output);
    }
  }
};

}  // namespace nym::client
