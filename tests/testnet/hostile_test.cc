#include <limits>

#include "net/storage/gateway_store.h"
#include "tests/testnet/attacker.h"

namespace nym::test {
namespace {

constexpr std::size_t kMegabyte = std::size_t{1} << 20U;
constexpr std::size_t kSelftestMemory = 24 * kMegabyte;  ///< what ordinary work makes a fresh process grow by
constexpr std::size_t kSome = 50;
constexpr std::size_t kBytesAConnection = 12U << 10U;

using Peers = std::vector<std::unique_ptr<net::test::TcpPeer>>;

bool all_closed(const Peers& peers) {
  return std::all_of(peers.begin(), peers.end(), [](const auto& peer) { return peer->closed.has_value(); });
}
bool all_open(const Peers& peers) {
  return std::all_of(peers.begin(), peers.end(), [](const auto& peer) { return peer->is_open; });
}

class HostileInput : public Attacker {
 protected:
  /// So many connections that say this.
  Peers crowd(const Endpoint& where, std::size_t size, std::string_view says = {}) {
    Peers peers;
    for (std::size_t i = 0; i < size; ++i) {
      peers.push_back(dial(where));
      if (!says.empty()) peers.back()->say(says);
      if (i % kSome == 0) happens([&] { return peers.back()->is_open; }, Duration::seconds(20));
    }
    EXPECT_TRUE(happens([&] { return all_open(peers); }, Duration::seconds(30)));
    return peers;
  }
  void expect_closed(const Peers& peers, Duration limit) {
    EXPECT_TRUE(happens([&] { return all_closed(peers); }, limit));
  }

  void hold_idle_connections(std::size_t each);
};

TEST_F(HostileInput, BytesThatAreNoFramesEndTheConnection) {
  ASSERT_NO_FATAL_FAILURE(start_network());
  std::string garbage(200'000, '\x63');
  expect_closed(crowd(mix_of("mixnodes"), kSome, garbage), Duration::seconds(20));
  expect_closed(crowd(mix_of("gateways"), kSome, garbage), Duration::seconds(20));
  expect_closed(crowd(clients_endpoint(), kSome, garbage + "\r\n\r\n"), Duration::seconds(20));
  expect_closed(crowd(directory_endpoint(), kSome, garbage + "\r\n\r\n"), Duration::seconds(20));
  EXPECT_EQ(count_up_to(kSome, [&] { return mixnodes_dropped(DropReason::malformed_frame); }), kSome);
  EXPECT_EQ(count_up_to(2 * kSome, [&] { return gateways_dropped(DropReason::malformed_frame); }), 2 * kSome);
  EXPECT_EQ(count_up_to(kSome, [&] { return directory_refused(DropReason::malformed_frame); }), kSome);
  expect_unharmed(kSelftestMemory);
}

TEST_F(HostileInput, MessagesThatAreTooLargeEndTheConnectionBeforeTheyAreThere) {
  ASSERT_NO_FATAL_FAILURE(start_network());
  std::vector<std::unique_ptr<net::test::WebSocketPeer>> sockets;
  for (std::size_t i = 0; i < kSome; ++i) {
    sockets.push_back(dial_websocket());
    if (i % 2 == 0) sockets.back()->connection->send_text(std::string(4 * kMegabyte, 'x'));
    if (i % 2 == 1) sockets.back()->connection->send_binary(Bytes(4 * kMegabyte));
  }
  EXPECT_TRUE(happens(
      [&] {
        return std::all_of(sockets.begin(), sockets.end(), [](const auto& one) { return one->closed.has_value(); });
      },
      Duration::seconds(60)));
  EXPECT_EQ(count_up_to(kSome, [&] { return gateways_dropped(DropReason::malformed_frame); }), kSome);
  auto header = "GET /" + std::string(kMegabyte, 'x');
  expect_closed(crowd(directory_endpoint(), kSome, header), Duration::seconds(40));
  auto body = std::string("POST /v1/gateways HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000000000\r\n\r\n");
  auto bodies = crowd(directory_endpoint(), kSome, body);
  EXPECT_TRUE(happens(
      [&] { return std::all_of(bodies.begin(), bodies.end(), [](const auto& one) { return one->heard(" 413 "); }); },
      Duration::seconds(20)));
  EXPECT_EQ(count_up_to(2 * kSome, [&] { return directory_refused(DropReason::malformed_frame); }), 2 * kSome);
  expect_unharmed(kSelftestMemory + kSome * 64'000);
}

// A byte a second: a frame would take 40 minutes.
TEST_F(HostileInput, SlowFramesAreNotWaitedFor) {
  ASSERT_NO_FATAL_FAILURE(start_network());
  ASSERT_NO_FATAL_FAILURE(know_network());
  auto frame = frame_of(network_.packet(0, {}));
  auto request = net::test::kUpgradeRequest;
  std::string_view get = "GET /v1/gateways HTTP/1.1\r\nHost: localhost\r\n\r\n";
  std::vector<std::pair<Peers, std::string_view>> slow;
  slow.emplace_back(crowd(mix_of("mixnodes"), kSome), as_text(frame));
  slow.emplace_back(crowd(mix_of("gateways"), kSome), as_text(frame));
  slow.emplace_back(crowd(clients_endpoint(), kSome), request);
  slow.emplace_back(crowd(directory_endpoint(), kSome), get);
  for (std::size_t second = 0; second < 40; ++second) {
    bool is_over = true;
    for (auto& [peers, text] : slow) {
      for (auto& peer : peers) {
        if (!peer->closed) peer->say(text.substr(second, 1));
      }
      is_over = is_over && all_closed(peers);
    }
    if (is_over) break;
    happens([] { return false; }, Duration::seconds(1));
  }
  for (const auto& [peers, text] : slow) EXPECT_TRUE(all_closed(peers));
  EXPECT_EQ(mixnodes_dropped(DropReason::slow_frame), kSome);
  EXPECT_EQ(gateways_dropped(DropReason::slow_frame), 2 * kSome);
  EXPECT_EQ(directory_refused(DropReason::slow_frame), kSome);
  expect_unharmed(kSelftestMemory);
}

void HostileInput::hold_idle_connections(std::size_t each) {
  auto mix = crowd(mix_of("mixnodes"), each);
  auto clients = crowd(clients_endpoint(), each);
  auto directory = crowd(directory_endpoint(), each);
  fmt::print("{} connections to each of mixnode, gateway and directory\n", each);
  expect_unharmed(kSelftestMemory + 3 * each * kBytesAConnection);
  EXPECT_TRUE(directory_refused(DropReason::too_many_connections) == 0);
  expect_closed(mix, Duration::seconds(30));
  expect_closed(clients, Duration::seconds(30));
  expect_closed(directory, Duration::seconds(60));
  EXPECT_GE(count_up_to(each, [&] { return mixnodes_dropped(DropReason::slow_frame); }), each);
  EXPECT_GE(count_up_to(each, [&] { return gateways_dropped(DropReason::slow_frame); }), each);
  expect_unharmed(kSelftestMemory + 3 * each * kBytesAConnection);
}

TEST_F(HostileInput, AThousandIdleConnectionsDisturbNobody) {
  ASSERT_NO_FATAL_FAILURE(start_network());
  auto peers = crowd(mix_of("mixnodes"), 1'000);
  expect_unharmed(kSelftestMemory + 1'000 * kBytesAConnection);
}

TEST_F(HostileInput, SlowFiveThousandIdleConnectionsDisturbNobodyAndEnd) {
  ASSERT_NO_FATAL_FAILURE(start_network());
  // Both ends have a descriptor of each.
  hold_idle_connections(5'000);
}

TEST_F(HostileInput, SlowFiveThousandSilentWebsocketsEnd) {
  ASSERT_NO_FATAL_FAILURE(start_network());
  auto peers = crowd(clients_endpoint(), 5'000, net::test::kUpgradeRequest);
  expect_unharmed(kSelftestMemory + 5'000 * 3 * kBytesAConnection);
  expect_closed(peers, Duration::seconds(60));
  EXPECT_EQ(count_up_to(5'000, [&] { return gateways_dropped(DropReason::slow_frame); }), 5'000U);
}

TEST_F(HostileInput, HandshakesThatAreNoneAreRefusedOneByOne) {
  ASSERT_NO_FATAL_FAILURE(start_network());
  auto socket = dial_websocket();
  std::size_t asked = 0;
  for (const char* text : {"", "x", "[]", "{}", R"({"type":"register"})", R"({"type":"claimFreeTestnetBandwidth"})"}) {
    EXPECT_NE(ask(*socket, text).find("\"error\""), std::string::npos) << text;
    ++asked;
  }
  EXPECT_EQ(gateways_dropped(DropReason::malformed_request), asked);
  // A registration of nobody, one with a key that makes a secret of zero, and one whose signature is wrong.
  EXPECT_NE(
      ask(*socket, R"({"type":"registerHandshakeInitRequest","protocol_version":1,"data":[1,2,3]})").find("\"error\""),
      std::string::npos);
  auto identity = crypto::Ed25519PrivateKey::generate(random_).public_key().bytes();
  auto register_with = [&](const ByteArray<32>& ephemeral) {
    Bytes data(identity.begin(), identity.end());
    append(data, ephemeral);
    return wire::to_json(wire::ClientControl(wire::RegisterRequest{1, data}));
  };
  EXPECT_NE(ask(*socket, register_with({})).find("malformed"), std::string::npos);
  happens([&] { return socket->texts.size() > 1; }, Duration::seconds(1));
  auto ephemeral = crypto::X25519KeyPair::generate(random_).public_key;
  EXPECT_NE(ask(*socket, register_with(ephemeral.bytes)).find("\"data\""), std::string::npos);
  wire::HandshakePayload wrong{wire::kGatewayProtocolVersion, Bytes(64)};
  EXPECT_NE(ask(*socket, wire::to_json(wire::HandshakeControl(wrong))).find("invalid signature"), std::string::npos);
  EXPECT_EQ(count_up_to(3, [&] { return gateways_dropped(DropReason::bad_handshake); }), 3U);

  auto nobody = wire::make_authenticate(crypto::Aes128Key(), identity, draw_array<16>(random_));
  auto stranger = dial_websocket();
  EXPECT_NE(ask(*stranger, wire::to_json(wire::ClientControl(nobody))).find("\"status\":false"), std::string::npos);
  auto impatient = dial_websocket();
  EXPECT_NE(ask(*impatient, Bytes(100)).find("without prior authentication"), std::string::npos);
  EXPECT_EQ(gateways_dropped(DropReason::bad_authentication), 1U);
  EXPECT_EQ(gateways_dropped(DropReason::unexpected_frame), 1U);
  expect_unharmed(kSelftestMemory);
}

TEST_F(HostileInput, WrongMacsAreRefusedAtEveryHop) {
  ASSERT_NO_FATAL_FAILURE(start_network());
  ASSERT_NO_FATAL_FAILURE(know_network());
  auto member = register_member();
  log_in(member);
  for (std::size_t i = 0; i < kSome; ++i) {
    auto request = envelope(member, network_.endpoints[0], network_.packet(0, {}));
    request[i % 32] ^= 1;
    EXPECT_NE(ask(*member.socket, request).find("provided MAC is invalid"), std::string::npos);
  }
  EXPECT_EQ(gateways_dropped(DropReason::bad_envelope), kSome);
  auto mixnode = dial(network_.endpoints[0]);
  auto gateway = dial(network_.endpoints[3]);
  for (std::size_t i = 0; i < kSome; ++i) {
    auto damaged = network_.packet(0, {}).to_bytes();
    damaged[32 + i] ^= 1;
    mixnode->link->send(frame_of(Blob(damaged)));
    damaged = network_.packet(3, {}).to_bytes();
    damaged[32 + i] ^= 1;
    gateway->link->send(frame_of(Blob(damaged)));
  }
  EXPECT_EQ(count_up_to(kSome, [&] { return mixnodes_dropped(DropReason::bad_header_mac); }), kSome);
  EXPECT_EQ(count_up_to(kSome, [&] { return gateways_dropped(DropReason::bad_header_mac); }), kSome);
  EXPECT_FALSE(mixnode->closed || gateway->closed);
  expect_unharmed(kSelftestMemory);
}

TEST_F(HostileInput, ARecordedPacketPassesOnce) {
  ASSERT_NO_FATAL_FAILURE(start_network());
  ASSERT_NO_FATAL_FAILURE(know_network());
  auto packet = frame_of(network_.packet(0, {}));
  auto last_layer = frame_of(network_.packet(3, {}));
  std::array<std::unique_ptr<net::test::TcpPeer>, 4> links{dial(network_.endpoints[0]), dial(network_.endpoints[0]),
                                                           dial(network_.endpoints[3]), dial(network_.endpoints[3])};
  for (std::size_t i = 0; i < kSome; ++i) {
    links[i % 2]->link->send(packet);
    links[2 + i % 2]->link->send(last_layer);
  }
  EXPECT_EQ(count_up_to(kSome - 1, [&] { return mixnodes_dropped(DropReason::replayed); }), kSome - 1);
  EXPECT_EQ(count_up_to(kSome - 1, [&] { return gateways_dropped(DropReason::replayed); }), kSome - 1);
  expect_unharmed(kSelftestMemory);
}

/// Packets that a client, a mixnode and a gateway are to send to a listener that no directory has.
class ForeignAddress : public Attacker {
 protected:
  void listen() {
    auto made = net::TcpListener::listen(runtime_, net::test::kLoopback,
                                         [this](std::unique_ptr<net::TcpLink> link, const Endpoint&) {
                                           auto& peer = arrived_.emplace_back(std::make_unique<net::test::TcpPeer>());
                                           peer->start(std::move(link));
                                         });
    ASSERT_TRUE(made);
    listener_ = std::move(*made);
  }
  void send_there(Attacker::Member& member) {
    // From the client's gateway, and from the mixnode of the first layer.
    answer_ = ask(*member.socket, envelope(member, listener_->local_endpoint(), network_.packet(0, {})));
    network_.endpoints[1] = listener_->local_endpoint();
    link_ = dial(network_.endpoints[0]);
    link_->link->send(frame_of(network_.packet(0, {})));
  }
  std::size_t received() const {
    std::size_t bytes = 0;
    for (const auto& peer : arrived_) bytes += peer->received.size();
    return bytes;
  }

  std::unique_ptr<net::TcpListener> listener_;
  std::vector<std::unique_ptr<net::test::TcpPeer>> arrived_;
  std::unique_ptr<net::test::TcpPeer> link_;
  std::string answer_;
};

TEST_F(ForeignAddress, OutsideTheDirectoryGetsNoPackets) {
  ASSERT_NO_FATAL_FAILURE(start_network());
  ASSERT_NO_FATAL_FAILURE(know_network());
  ASSERT_NO_FATAL_FAILURE(listen());
  auto member = register_member();
  log_in(member);
  ask(*member.socket, R"({"type":"claimFreeTestnetBandwidth"})");
  send_there(member);
  EXPECT_NE(answer_.find("not in this network's directory"), std::string::npos) << answer_;
  EXPECT_EQ(gateways_dropped(DropReason::unknown_next_hop), 1U);
  EXPECT_EQ(count_up_to(1, [&] { return mixnodes_dropped(DropReason::unknown_next_hop); }), 1U);
  EXPECT_TRUE(arrived_.empty());
  expect_unharmed(kSelftestMemory);
  EXPECT_TRUE(arrived_.empty());
}

TEST_F(ForeignAddress, GetsThemFromANetworkThatWasToldSo) {
  ASSERT_NO_FATAL_FAILURE(start_network({"--forward-anywhere"}));
  ASSERT_NO_FATAL_FAILURE(know_network());
  ASSERT_NO_FATAL_FAILURE(listen());
  auto member = register_member();
  log_in(member);
  ask(*member.socket, R"({"type":"claimFreeTestnetBandwidth"})");
  send_there(member);
  constexpr std::size_t kFrame = 2'415;
  EXPECT_TRUE(happens([&] { return received() == 2 * kFrame; }, Duration::seconds(20))) << received();
}

TEST_F(HostileInput, BandwidthDoesNotOverflowAndIsNotOverdrawn) {
  ASSERT_NO_FATAL_FAILURE(start_network());
  ASSERT_NO_FATAL_FAILURE(know_network());
  auto member = register_member();
  auto packet = [&] { return envelope(member, network_.endpoints[0], network_.packet(0, {})); };
  log_in(member);
  for (std::size_t i = 0; i < kSome; ++i) {
    EXPECT_NE(ask(*member.socket, packet()).find("Insufficient bandwidth"), std::string::npos);
  }
  EXPECT_EQ(gateways_dropped(DropReason::no_bandwidth), kSome);
  // As after 2^27 claims.
  ASSERT_EQ(testnet_command({"kill", "gw1"}).exit_code, 0);
  {
    auto store = net::GatewayStore::open((directory() / "gw1/db.sqlite").string());
    ASSERT_TRUE(store) << store.error().text();
    gateway::StoreOperation nearly_all =
        gateway::StoreBandwidth{{member.identity.public_key().bytes()}, std::numeric_limits<std::int64_t>::max() - 10};
    ASSERT_TRUE(store->commit({&nearly_all, 1}));
  }
  ASSERT_EQ(testnet_command({"restart", "gw1"}).exit_code, 0);
  log_in(member);
  auto refused_before = gateways_dropped(DropReason::malformed_request);
  for (std::size_t i = 0; i < kSome; ++i) {
    auto answer = ask(*member.socket, R"({"type":"claimFreeTestnetBandwidth"})");
    EXPECT_NE(answer.find("can not grow further"), std::string::npos) << answer;
  }
  EXPECT_EQ(gateways_dropped(DropReason::malformed_request) - refused_before, kSome);
  auto left = std::numeric_limits<std::int64_t>::max() - 10 - 2'413;
  EXPECT_EQ(ask(*member.socket, packet()), fmt::format(R"({{"type":"send","remaining_bandwidth":{}}})", left));
  expect_unharmed(kSelftestMemory);
}

}  // namespace
}  // namespace nym::test
