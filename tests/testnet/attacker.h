#pragma once

#include <fmt/format.h>

#include <fstream>

#include "engine/wire/authentication.h"
#include "engine/wire/control_messages.h"
#include "engine/wire/mix_packet.h"
#include "net/drivers/registration_driver.h"
#include "net/http_client.h"
#include "net/os_random.h"
#include "testnet/up.h"
#include "tests/e2e/testnet/running_network.h"
#include "tests/net/loopback.h"
#include "tests/net/raw_frames.h"
#include "tests/support/packets.h"

namespace nym::test {

/// Somebody with sockets who means no good, in front of a network in another process. In the end the network must still
/// do its work for others.
class Attacker : public RunningNetwork {
 protected:
  void SetUp() override {
    RunningNetwork::SetUp();
    testnet::raise_file_limit();
  }

  void start_network(const std::vector<std::string>& options = {}) {
    ASSERT_NO_FATAL_FAILURE(up(options));
    status_ = status();
    ASSERT_TRUE(status_.is_object());
    memory_at_first_ = memory();
  }

  // Where things are.
  Endpoint mix_of(const char* kind, std::size_t index = 0) const {
    return *parse_endpoint(status_[kind][index].value("mix", ""));
  }
  std::string clients_url() const { return status_["gateways"][0].value("clients", ""); }
  Endpoint clients_endpoint() const { return *parse_endpoint(clients_url().substr(std::string("ws://").size())); }
  Endpoint directory_endpoint() const {
    return *parse_endpoint(status_.value("directory", "").substr(std::string("http://").size()));
  }

  /// Resident bytes of the network's process.
  std::size_t memory() const {
    std::ifstream status("/proc/" + std::to_string(status_.value("pid", 0)) + "/status");
    for (std::string line; std::getline(status, line);) {
      if (line.starts_with("VmRSS:")) return std::stoul(line.substr(6)) * 1'024;
    }
    return 0;
  }

  /// The sum over all nodes of a counter, `nym_gateway_dropped_total` with its reason, say.
  std::size_t count(const std::string& name, DropReason reason) {
    std::optional<Result<net::HttpResponse>> answer;
    auto url = net::parse_url(status_.value("directory", "") + "/metrics");
    http_.get(*url, [&](auto response) { answer = std::move(response); });
    EXPECT_TRUE(happens([&] { return answer.has_value(); }, Duration::seconds(30)));
    if (!answer || !*answer) return 0;
    std::istringstream lines((*answer)->body);
    auto label = fmt::format("reason=\"{}\"", to_string(reason));
    double sum = 0;
    for (std::string line; std::getline(lines, line);) {
      if (line.starts_with(name + "{") && line.find(label) != std::string::npos)
        sum += std::stod(line.substr(line.rfind(' ')));
    }
    return static_cast<std::size_t>(sum);
  }
  std::size_t mixnodes_dropped(DropReason reason) { return count("nym_mixnode_dropped_total", reason); }
  std::size_t gateways_dropped(DropReason reason) { return count("nym_gateway_dropped_total", reason); }
  std::size_t directory_refused(DropReason reason) { return count("nym_directory_dropped_total", reason); }
  /// Until a counter has this value; what it is in the end.
  template <class Read>
  std::size_t count_up_to(std::size_t expected, Read read) {
    auto deadline = net::now() + Duration::seconds(20);
    std::size_t value = read();
    while (value < expected && net::now() < deadline) value = read();
    return value;
  }

  bool happens(const std::function<bool()>& done, Duration limit) {
    return runtime_.run_until(done, net::now() + limit);
  }
  std::unique_ptr<net::test::TcpPeer> dial(const Endpoint& where) {
    auto peer = std::make_unique<net::test::TcpPeer>();
    peer->start(net::TcpLink::connect(runtime_, where, {.connect_timeout = Duration::seconds(20)}));
    return peer;
  }
  std::unique_ptr<net::test::WebSocketPeer> dial_websocket() {
    auto peer = std::make_unique<net::test::WebSocketPeer>();
    peer->start(net::WebSocketConnection::connect(runtime_, *net::parse_url(clients_url())));
    return peer;
  }
  /// Says something and hears the answer.
  std::string ask(net::test::WebSocketPeer& peer, const std::string& text) {
    peer.texts.clear();
    peer.connection->send_text(text);
    EXPECT_TRUE(happens([&] { return !peer.texts.empty() || peer.closed; }, Duration::seconds(20)));
    return peer.texts.empty() ? "closed" : peer.texts.back();
  }
  std::string ask(net::test::WebSocketPeer& peer, const Bytes& data) {
    peer.texts.clear();
    peer.connection->send_binary(data);
    EXPECT_TRUE(happens([&] { return !peer.texts.empty() || peer.closed; }, Duration::seconds(20)));
    return peer.texts.empty() ? "closed" : peer.texts.back();
  }

  /// A client of ours at the first gateway: logged in.
  struct Member {
    crypto::Ed25519PrivateKey identity;
    sphinx::GatewaySharedKeys keys;
    std::unique_ptr<net::test::WebSocketPeer> socket{};
  };
  Member register_member() {
    auto identity = crypto::Ed25519PrivateKey::generate(random_);
    auto gateway = from_base58(status_["gateways"][0].value("identity", ""));
    std::optional<Result<sphinx::GatewaySharedKeys>> shared;
    net::RegistrationDriver driver(runtime_, {clients_url(), *crypto::Ed25519PublicKey::parse(*gateway), identity},
                                   random_, [&](auto keys) { shared = std::move(keys); });
    driver.start();
    EXPECT_TRUE(happens([&] { return shared.has_value(); }, Duration::seconds(30)));
    return {std::move(identity), std::move(**shared), nullptr};
  }
  void log_in(Member& member) {
    member.socket = dial_websocket();
    auto request =
        wire::make_authenticate(member.keys.encryption, member.identity.public_key().bytes(), draw_array<16>(random_));
    EXPECT_NE(ask(*member.socket, wire::to_json(wire::ClientControl(request))).find("\"status\":true"),
              std::string::npos);
  }
  Bytes envelope(const Member& member, const Endpoint& first_hop, const Blob& packet) {
    auto head = wire::encode_mix_packet_head(wire::PacketType::mix, first_hop);
    return network_.suite.seal_envelope(member.keys, head, packet).to_bytes();
  }

  /// Packets for the real keys of a mixnode of each layer and the first gateway.
  void know_network() {
    for (std::size_t i = 0; i < 4; ++i) {
      const auto& node = i < 3 ? status_["mixnodes"][i] : status_["gateways"][0];
      auto key = from_base58(node.value("sphinx", ""));
      ASSERT_TRUE(key);
      network_.keys[i].public_key = crypto::X25519PublicKey{to_array<32>(*key)};
      network_.endpoints[i] = *parse_endpoint(node.value("mix", ""));
    }
  }
  static Bytes frame_of(const Blob& packet) {
    auto bytes =
        wire::encode_frame_header(wire::PacketSize::regular, wire::PacketType::mix, wire::FrameHeaderForm::legacy);
    append(bytes, packet.to_bytes());
    return bytes;
  }

  /// Others notice nothing, and nothing is kept.
  void expect_unharmed(std::size_t more_bytes) {
    auto report = selftest();
    EXPECT_TRUE(report.value("passed", false)) << report.dump();
    auto grown = memory() > memory_at_first_ ? memory() - memory_at_first_ : 0;
    fmt::print("memory {} MB more than before, selftest {:.2f} s\n", grown >> 20U, report.value("seconds", 0.0));
    EXPECT_LT(NYM_EXACT_MEMORY * grown, more_bytes);
  }

  net::Runtime runtime_;
  net::HttpClient http_{runtime_};
  net::OsRandom random_;
  SmallNetwork network_{1};
  nlohmann::json status_;
  std::size_t memory_at_first_ = 0;
};

}  // namespace nym::test
