#include "engine/gateway/gateway.h"

#include <gtest/gtest.h>

#include "tests/support/packets.h"

namespace nym::gateway {
namespace {

TimePoint at(std::int64_t ms) {
  return TimePoint::at(Duration::milliseconds(ms));
}
const ConnectionId kConnection{kFirstIncomingConnection};

/// A gateway with one registered client, whose disk is played by the test.
class GatewayTest : public testing::Test {
 protected:
  GatewayTest() {
    client.bytes[0] = 7;  // where SmallNetwork's packets go
    keys = sphinx::GatewaySharedKeys::from_bytes(draw_array<32>(network.random));
    start(relay::ReplayMode::reject);
  }

  void start(relay::ReplayMode replay) {
    StoredState stored;
    stored.clients.push_back({client, keys, 10'000});
    node.emplace(Config{crypto::Ed25519PrivateKey::generate(network.random), network.keys[3], replay, {}},
                 std::move(stored), network.suite, network.random);
  }

  void give(Input input) {
    node->handle_input(now, std::move(input));
    while (auto output = node->poll_output()) outputs.push_back(std::move(*output));
  }
  template <class Kind>
  std::vector<Kind> take() {
    std::vector<Kind> found;
    for (auto& output : outputs) {
      if (auto* one = std::get_if<Kind>(&output)) found.push_back(*one);
    }
    std::erase_if(outputs, [](const auto& output) { return std::holds_alternative<Kind>(output); });
    return found;
  }
  template <class Kind>
  std::size_t events() {
    std::size_t count = 0;
    for (auto& event : take<Event>()) count += std::holds_alternative<Kind>(event) ? 1U : 0U;
    return count;
  }
  /// Messages on their way to the disk.
  std::size_t stored() {
    std::size_t count = 0;
    for (const auto& persist : take<Persist>()) {
      for (const auto& operation : persist.operations)
        count += std::holds_alternative<StoreMessage>(operation) ? 1U : 0U;
    }
    return count;
  }
  std::map<DropReason, std::size_t> drops() {
    std::map<DropReason, std::size_t> counts;
    for (auto& event : take<Event>()) {
      if (const auto* dropped = std::get_if<Dropped>(&event)) ++counts[dropped->reason];
    }
    return counts;
  }
  std::vector<std::string> texts() {
    std::vector<std::string> found;
    for (auto& send : take<SendText>()) found.push_back(send.text);
    return found;
  }
  void give_packet(const Blob& packet) {
    give(relay::FrameReceived{{wire::PacketSize::regular, wire::PacketType::mix, packet}});
  }
  void confirm_all(std::optional<std::string> error = std::nullopt) {
    for (auto& persist : take<Persist>()) give(Persisted{persist.id, error});
  }
  void authenticate() {
    give(ClientConnected{kConnection});
    auto request = wire::make_authenticate(keys.encryption, client.bytes, draw_array<16>(network.random));
    give(ClientText{kConnection, wire::to_json(wire::ClientControl(request))});
  }
  void log_in() {
    authenticate();
    for (auto& read : take<ReadInbox>()) give(InboxRead{read.id, {}, std::nullopt});
    auto sent = texts();
    ASSERT_EQ(sent.size(), 1U);
    ASSERT_EQ(sent[0], R"({"type":"authenticate","protocol_version":1,"status":true,"bandwidth_remaining":10000})");
    give(ClientWritten{kConnection, 1});
  }

  test::SmallNetwork network{1};
  ClientAddress client;
  sphinx::GatewaySharedKeys keys;
  std::optional<Gateway> node;
  TimePoint now = at(1'000);
  std::vector<Output> outputs;
};

TEST_F(GatewayTest, PushesToAConnectedClientAndSendsTheAcknowledgementOnOnceItIsWritten) {
  log_in();
  give_packet(network.packet(3, {}));
  auto pushes = take<SendBinary>();
  ASSERT_EQ(pushes.size(), 1U);
  EXPECT_EQ(pushes[0].data.size(), 1'675U);
  auto opened = network.suite.open_envelope(keys, pushes[0].data);
  ASSERT_TRUE(opened);
  EXPECT_EQ(opened->size(), 1'643U);
  EXPECT_TRUE(take<relay::DialLink>().empty());
  give(ClientWritten{kConnection, 1});
  auto dials = take<relay::DialLink>();
  ASSERT_EQ(dials.size(), 1U);
  EXPECT_EQ(dials[0].address, network.endpoints[0]);
}

TEST_F(GatewayTest, AcknowledgesAStoredMessageOnlyAfterItsCommit) {
  give_packet(network.packet(3, {}));
  EXPECT_TRUE(take<relay::DialLink>().empty());
  confirm_all();
  EXPECT_EQ(take<relay::DialLink>().size(), 1U);
  EXPECT_EQ(events<AckSent>(), 1U);
}

TEST_F(GatewayTest, DoesNotAcknowledgeWhatTheDiskRefused) {
  give_packet(network.packet(3, {}));
  confirm_all("disk full");
  EXPECT_TRUE(take<relay::DialLink>().empty());
  EXPECT_EQ(events<Dropped>(), 1U);
}

TEST_F(GatewayTest, RefusesAReplayedPacket) {
  log_in();
  auto packet = network.packet(3, {});
  give_packet(packet);
  give_packet(packet);
  EXPECT_EQ(take<SendBinary>().size(), 1U);
  EXPECT_EQ(events<Dropped>(), 1U);
}

TEST_F(GatewayTest, DropsDropCoverWithoutStoringOrAcknowledgingIt) {
  sphinx::AckPayload nothing{draw_secret<16>(network.random), {}, {}};
  give_packet(network.suite.seal({network.header(3, {}), wire::payload_bytes(wire::PacketSize::regular), nothing}));
  auto events = take<Event>();
  ASSERT_EQ(events.size(), 1U);
  EXPECT_EQ(std::get<Dropped>(events[0]).reason, DropReason::drop_cover);
  EXPECT_TRUE(outputs.empty());
}

TEST_F(GatewayTest, BoundsAnInboxAndCountsWhatDoesNotFit) {
  InboxBudget budget({});
  std::size_t accepted = 0;
  while (budget.reserve(client, 1'643, InboxBudget::Registered::yes)) ++accepted;
  EXPECT_EQ(accepted, limits::kInboxMessagesPerClient);
  ClientAddress stranger;
  stranger.bytes[5] = 1;
  accepted = 0;
  while (budget.reserve(stranger, 1'643, InboxBudget::Registered::no)) ++accepted;
  EXPECT_EQ(accepted, limits::kUnregisteredInboxMessages);
  budget.release(client, 1, 1'643);
  EXPECT_TRUE(budget.reserve(client, 1'643, InboxBudget::Registered::yes));
}

TEST_F(GatewayTest, EmptiesTheInboxBeforeTheAnswerAndDeletesOnlyWhatWasWritten) {
  authenticate();
  auto reads = take<ReadInbox>();
  ASSERT_EQ(reads.size(), 1U);
  give(InboxRead{reads[0].id, {{{1}, Blob(Bytes(100, 1))}, {{2}, Blob(Bytes(100, 2))}}, std::nullopt});
  EXPECT_EQ(take<SendBinary>().size(), 2U);
  EXPECT_TRUE(texts().empty());
  give(ClientWritten{kConnection, 1});
  EXPECT_TRUE(take<Persist>().empty());
  give(ClientWritten{kConnection, 1});
  auto persists = take<Persist>();
  ASSERT_EQ(persists.size(), 1U);
  EXPECT_EQ(std::get<DeleteMessages>(persists[0].operations[0]).ids, (std::vector<StoredMessageId>{{1}, {2}}));
  give(Persisted{persists[0].id, std::nullopt});
  reads = take<ReadInbox>();
  ASSERT_EQ(reads.size(), 1U);
  EXPECT_EQ(reads[0].after, StoredMessageId{2});
  give(InboxRead{reads[0].id, {}, std::nullopt});
  EXPECT_EQ(texts().size(), 1U);
}

TEST_F(GatewayTest, DeliversWhatWasStoredForAClientWhoseConnectionWasFull) {
  start(relay::ReplayMode::reference);  // one packet will do for all
  log_in();
  auto packet = network.packet(3, {});
  for (std::size_t i = 0; i <= limits::kPushesInFlight; ++i) give_packet(packet);
  EXPECT_EQ(take<SendBinary>().size(), limits::kPushesInFlight);
  confirm_all();
  EXPECT_TRUE(take<ReadInbox>().empty());
  give(ClientWritten{kConnection, limits::kPushesInFlight});
  EXPECT_TRUE(take<ReadInbox>().empty()) << "nobody knows whether the client has any of it";
  give(ClientPong{kConnection});
  auto reads = take<ReadInbox>();
  ASSERT_EQ(reads.size(), 1U);
  give(InboxRead{reads[0].id, {{{1}, Blob(Bytes(100, 1))}}, std::nullopt});
  EXPECT_EQ(take<SendBinary>().size(), 1U);
  give(ClientWritten{kConnection, 1});
  EXPECT_EQ(take<Persist>().size(), 1U);
}

TEST_F(GatewayTest, DeliversWhatWasCommittedAtTheEndOfTheLogin) {
  authenticate();
  give_packet(network.packet(3, {}));
  for (auto& read : take<ReadInbox>()) give(InboxRead{read.id, {}, std::nullopt});
  confirm_all();
  EXPECT_EQ(take<ReadInbox>().size(), 1U);
}

TEST_F(GatewayTest, StoresPushesThatNeverReachedTheSocket) {
  log_in();
  give_packet(network.packet(3, {}));
  give_packet(network.packet(3, {}));
  give(ClientWritten{kConnection, 1});
  give(ClientDisconnected{kConnection, CloseReason::finished});
  EXPECT_EQ(stored(), 1U);
}

TEST_F(GatewayTest, StoresAgainWhatAClientThatIsGoneWithoutAGoodbyeMayNotHave) {
  log_in();
  for (std::size_t i = 0; i < 3; ++i) give_packet(network.packet(3, {}));
  give(ClientWritten{kConnection, 3});
  give(ClientDisconnected{kConnection, CloseReason::reset});
  EXPECT_EQ(stored(), 3U);
}

TEST_F(GatewayTest, KnowsByAnAnsweredPingWhatAClientHas) {
  start(relay::ReplayMode::reference);
  log_in();
  auto packet = network.packet(3, {});
  for (std::size_t i = 0; i < limits::kPushesBetweenPings; ++i) give_packet(packet);
  give(ClientWritten{kConnection, limits::kPushesBetweenPings});
  EXPECT_EQ(take<PingClient>().size(), 1U);
  give_packet(packet);
  give(ClientWritten{kConnection, 1});
  give(ClientPong{kConnection});
  give(ClientDisconnected{kConnection, CloseReason::reset});
  EXPECT_EQ(stored(), 1U) << "that one was written after the ping";
}

TEST_F(GatewayTest, AcknowledgesAPushThatNeverReachedTheSocketOnceItIsStored) {
  log_in();
  give_packet(network.packet(3, {}));
  give(ClientDisconnected{kConnection});
  EXPECT_EQ(events<AckSent>(), 0U);
  confirm_all();
  EXPECT_EQ(events<AckSent>(), 1U);
}

TEST_F(GatewayTest, TakesBandwidthForEachPacketAndRefusesWithoutIt) {
  log_in();
  auto packet = [&] {
    auto head = wire::encode_mix_packet_head(wire::PacketType::mix, network.endpoints[0]);
    return network.suite.seal_envelope(keys, head, network.packet(0, {}));
  };
  for (int i = 0; i < 4; ++i) give(ClientBinary{kConnection, packet()});
  EXPECT_EQ(texts().back(), R"({"type":"send","remaining_bandwidth":348})");
  give(ClientBinary{kConnection, packet()});
  EXPECT_EQ(texts().back(), R"({"type":"error","message":"Insufficient bandwidth available"})");
  give(ClientText{kConnection, R"({"type":"claimFreeTestnetBandwidth"})"});
  EXPECT_TRUE(texts().empty());
  confirm_all();
  EXPECT_EQ(texts().back(), R"({"type":"bandwidth","available_total":68719477084})");
}

TEST_F(GatewayTest, SendsNothingOutOfTheNetworkThatItKnows) {
  log_in();
  give(relay::HopsKnown{std::set{network.endpoints[1]}});
  auto head = wire::encode_mix_packet_head(wire::PacketType::mix, network.endpoints[0]);
  give(ClientBinary{kConnection, network.suite.seal_envelope(keys, head, network.packet(0, {}))});
  EXPECT_NE(texts().back().find("not in this network's directory"), std::string::npos);
  give_packet(network.packet(3, {}));  // its acknowledgement would begin at that address too
  give(ClientWritten{kConnection, 2});
  EXPECT_EQ(drops(), (std::map<DropReason, std::size_t>{{DropReason::unknown_next_hop, 2}}));
  EXPECT_TRUE(take<relay::DialLink>().empty());
}

TEST_F(GatewayTest, CountsEveryRefusal) {
  give(ClientConnected{kConnection});
  give(ClientText{kConnection, "{}"});
  give(ClientText{kConnection, R"({"type":"registerHandshakeInitRequest","protocol_version":1,"data":[1]})"});
  give(ClientText{kConnection,
                  R"({"type":"authenticate","protocol_version":1,"address":"x","enc_address":"x","iv":"x"})"});
  EXPECT_EQ(drops(), (std::map<DropReason, std::size_t>{{DropReason::malformed_request, 1},
                                                        {DropReason::bad_handshake, 1},
                                                        {DropReason::bad_authentication, 1}}));
  give(ClientText{kConnection, wire::to_json(wire::ClientControl(wire::make_authenticate(
                                   crypto::Aes128Key(), client.bytes, draw_array<16>(network.random))))});
  EXPECT_EQ(drops(), (std::map<DropReason, std::size_t>{{DropReason::bad_authentication, 1}}));
}

// 03 §4.4, 07 §6
TEST_F(GatewayTest, AnswersBadRequestsWithTheOriginalsTextsAndStays) {
  give(ClientConnected{kConnection});
  for (const char* text : {"", "x", "{}", R"({"type":"claimFreeTestnetBandwidth"})"}) {
    give(ClientText{kConnection, text});
    EXPECT_EQ(texts().back(), R"({"type":"error","message":"Only 'Register' or 'Authenticate' requests are allowed"})");
  }
  give(ClientText{kConnection,
                  R"({"type":"authenticate","protocol_version":2,"address":"x","enc_address":"x","iv":"x"})"});
  EXPECT_NE(texts().back().find("Ours is 1 and the client reports Some(2)"), std::string::npos);
  EXPECT_TRUE(take<CloseClient>().empty());
  give(ClientBinary{kConnection, Blob(Bytes(40))});
  EXPECT_NE(texts().back().find("binary request without prior authentication"), std::string::npos);
  EXPECT_EQ(take<CloseClient>().size(), 1U);
}

// 07 no. 56
TEST_F(GatewayTest, AnswersRequestsThatDoNotFitAfterTheLogin) {
  log_in();
  auto again = wire::make_authenticate(keys.encryption, client.bytes, draw_array<16>(network.random));
  give(ClientText{kConnection, wire::to_json(wire::ClientControl(again))});
  EXPECT_NE(texts().back().find("The received request is not valid in the current context"), std::string::npos);
  give(ClientText{kConnection, "{}"});
  EXPECT_NE(texts().back().find("Provided binary request was malformed - "), std::string::npos);
  EXPECT_TRUE(take<CloseClient>().empty());
}

TEST_F(GatewayTest, AnswersBadPacketsOfAClientAndStays) {
  log_in();
  auto seal = [&](const Bytes& plaintext) { return Blob(sphinx::seal_envelope(keys, plaintext)); };
  const std::vector<std::pair<Blob, std::string>> cases = {
      {Blob(Bytes(31)), "the request is too short"},
      {Blob(Bytes(64)), "provided MAC is invalid"},
      {seal({}), "provided mix packet was malformed - "},
      {seal({1, 4, 0, 1, 1, 2, 3, 4}), "provided packet mode is invalid"},
      {seal({0, 5, 0, 1, 1, 2, 3, 4}), "address field was incorrectly encoded"},
      {seal({0, 4, 0, 1, 1, 2, 3, 4, 9}), "received request had invalid size - received 1"},
  };
  for (const auto& [request, reason] : cases) {
    give(ClientBinary{kConnection, request});
    auto sent = texts();
    ASSERT_EQ(sent.size(), 1U);
    EXPECT_NE(sent[0].find(reason), std::string::npos) << sent[0];
  }
  EXPECT_TRUE(take<CloseClient>().empty());
  EXPECT_TRUE(take<relay::DialLink>().empty());
}

TEST_F(GatewayTest, RefusesASecondConnectionAndAWrongKey) {
  log_in();
  ConnectionId second{kFirstIncomingConnection + 1};
  give(ClientConnected{second});
  auto request = wire::make_authenticate(keys.encryption, client.bytes, draw_array<16>(network.random));
  give(ClientText{second, wire::to_json(wire::ClientControl(request))});
  ASSERT_EQ(take<PingClient>().size(), 1U);
  EXPECT_TRUE(texts().empty()) << "the older one has a moment to show that it lives";
  give(ClientPong{kConnection});
  EXPECT_NE(texts().back().find("There is already an open connection to this client"), std::string::npos);
  give(ClientDisconnected{kConnection});
  crypto::Aes128Key wrong;
  give(ClientText{second, wire::to_json(wire::ClientControl(
                              wire::make_authenticate(wrong, client.bytes, draw_array<16>(network.random))))});
  EXPECT_NE(texts().back().find(R"("status":false)"), std::string::npos);
  EXPECT_EQ(take<CloseClient>().size(), 1U);
}

TEST_F(GatewayTest, GivesThePlaceOfASilentSessionToANewOne) {
  log_in();
  ConnectionId second{kFirstIncomingConnection + 1};
  give(ClientConnected{second});
  auto request = wire::make_authenticate(keys.encryption, client.bytes, draw_array<16>(network.random));
  give(ClientText{second, wire::to_json(wire::ClientControl(request))});
  ASSERT_EQ(node->poll_timeout(), now + limits::kSignOfLife);
  node->handle_timeout(now + limits::kSignOfLife);
  while (auto output = node->poll_output()) outputs.push_back(std::move(*output));
  auto closed = take<CloseClient>();
  ASSERT_EQ(closed.size(), 1U);
  EXPECT_EQ(closed[0].connection, kConnection);
  EXPECT_EQ(take<ReadInbox>().size(), 1U) << "the new session goes on with its login";
}

TEST_F(GatewayTest, GivesThePlaceAtOnceWhenTheOlderSessionEnds) {
  log_in();
  ConnectionId second{kFirstIncomingConnection + 1};
  give(ClientConnected{second});
  auto request = wire::make_authenticate(keys.encryption, client.bytes, draw_array<16>(network.random));
  give(ClientText{second, wire::to_json(wire::ClientControl(request))});
  give(ClientDisconnected{kConnection});
  EXPECT_EQ(take<ReadInbox>().size(), 1U);
}

/// A client that lost its keys comes back while the gateway still holds its older connection.
class GatewayWithAClientThatForgot : public GatewayTest {
 protected:
  void SetUp() override {
    auto identity = crypto::Ed25519PrivateKey::generate(network.random);
    client.bytes = identity.public_key().bytes();
    start(relay::ReplayMode::reject);
    log_in();
    give(ClientConnected{kSecond});
    auto ephemeral = crypto::X25519KeyPair::generate(network.random);
    wire::HandshakeInit init{identity.public_key(), ephemeral.public_key};
    give(ClientText{kSecond, wire::to_json(wire::ClientControl(wire::RegisterRequest{1, init.to_bytes()}))});
  }
  static constexpr ConnectionId kSecond{kFirstIncomingConnection + 1};
};

TEST_F(GatewayWithAClientThatForgot, LetsItRegisterInThePlaceOfASilentSession) {
  EXPECT_EQ(take<PingClient>().size(), 1U);
  EXPECT_TRUE(texts().empty());
  node->handle_timeout(now + limits::kSignOfLife);
  while (auto output = node->poll_output()) outputs.push_back(std::move(*output));
  EXPECT_EQ(take<CloseClient>().size(), 1U);
  EXPECT_NE(texts().at(0).find("handshakePayload"), std::string::npos);
}

TEST_F(GatewayWithAClientThatForgot, RefusesToRegisterItBesideASessionThatLives) {
  give(ClientPong{kConnection});
  EXPECT_NE(texts().at(0).find("There is already an open connection to this client"), std::string::npos);
  EXPECT_TRUE(take<CloseClient>().empty());
}

TEST_F(GatewayTest, ClosesAConnectionThatNeverAuthenticates) {
  give(ClientConnected{kConnection});
  EXPECT_EQ(node->poll_timeout(), now + limits::kUnauthenticatedSession);
  node->handle_timeout(now + limits::kUnauthenticatedSession);
  while (auto output = node->poll_output()) outputs.push_back(std::move(*output));
  EXPECT_EQ(take<CloseClient>().size(), 1U);
  EXPECT_FALSE(node->poll_timeout());
}

}  // namespace
}  // namespace nym::gateway
