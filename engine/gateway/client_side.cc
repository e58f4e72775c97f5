#include <fmt/format.h>

#include <algorithm>

#include "engine/base/overloaded.h"
#include "engine/base/probe.h"
#include "engine/crypto/constant_time.h"
#include "engine/gateway/gateway.h"

namespace nym::gateway {
namespace {

constexpr const char* kOnlyRegisterOrAuthenticate = "Only 'Register' or 'Authenticate' requests are allowed";
constexpr const char* kAlreadyConnected = "There is already an open connection to this client";
constexpr const char* kHandshakeFailed = "Failed to perform registration handshake - ";
constexpr const char* kUnknownHop = "the packet's next hop is not in this network's directory";
constexpr const char* kMalformedBinary = "Provided binary request was malformed - ";

}  // namespace

void Gateway::on_client_connected(ConnectionId connection) {
  if (sessions_.size() >= limits::kGatewaySessions) {
    drop(DropReason::too_many_connections);
    return outbox_.push(CloseClient{connection});
  }
  auto session = sessions_.try_emplace(connection).first;
  session->second.opened = outbox_.now();
  enter(connection, session->second, Session::State::unauthenticated);
}

void Gateway::enter(ConnectionId connection, Session& session, Session::State state) {
  session.state = state;
  if (state > Session::State::handshaking) return newcomers_.clear(connection);
  newcomers_.set(connection, session.opened + limits::kUnauthenticatedSession);
}

void Gateway::forget(ConnectionId connection) {
  newcomers_.clear(connection);
  challenges_.clear(connection);
  sessions_.erase(connection);
}

void Gateway::on_client_text(const ClientText& message) {
  auto found = sessions_.find(message.connection);
  if (found == sessions_.end()) return;
  Session& session = found->second;
  on_sign_of_life(found->first, session);
  switch (session.state) {
    case Session::State::unauthenticated:
      return on_fresh_text(found->first, session, message.text);
    case Session::State::handshaking:
      return on_handshake_text(found->first, session, message.text);
    case Session::State::active:
      return on_active_text(found->first, session, message.text);
    case Session::State::awaiting_older:
    case Session::State::storing_keys:
    case Session::State::emptying_inbox:
      return drop(DropReason::unexpected_frame);
  }
}

void Gateway::on_fresh_text(ConnectionId connection, Session& session, const std::string& text) {
  auto request = wire::parse_client_control(text);
  if (!request) return refuse_counted(connection, session, DropReason::malformed_request, kOnlyRegisterOrAuthenticate);
  if (const auto* registering = std::get_if<wire::RegisterRequest>(&*request)) {
    return on_register(connection, session, *registering, text);
  }
  if (const auto* authenticating = std::get_if<wire::AuthenticateRequest>(&*request)) {
    return on_authenticate(connection, session, *authenticating, text);
  }
  refuse_counted(connection, session, DropReason::malformed_request, kOnlyRegisterOrAuthenticate);
}

// 03 §5.4
void Gateway::on_register(ConnectionId connection, Session& session, const wire::RegisterRequest& request,
                          const std::string& text) {
  if (!check_protocol_version(connection, session, request.protocol_version)) return;
  constexpr const char* kMalformed = "sent request was malformed";
  auto identity = request.data.size() < 32 ? std::optional<Result<crypto::Ed25519PublicKey>>()
                                           : crypto::Ed25519PublicKey::parse(ByteView(request.data).first(32));
  if (!identity || !*identity)
    return refuse_counted(connection, session, DropReason::bad_handshake, std::string(kHandshakeFailed) + kMalformed);
  ClientAddress client{(*identity)->bytes()};
  if (auto older = connected_.find(client); older != connected_.end()) {
    return challenge_older(connection, session, older->second, text);
  }
  if (registry_.is_full() && registry_.find(client) == nullptr) {
    return refuse(connection, session, "This gateway accepts no more clients", Then::stay);
  }
  auto init = wire::HandshakeInit::parse(request.data);
  auto ephemeral = crypto::X25519KeyPair::generate(*random_);
  auto dh = init ? crypto::diffie_hellman(ephemeral.secret, init->ephemeral) : Secret<32>();
  if (!init || crypto::is_all_zero(dh.expose())) {
    answer_handshake(connection, session, wire::HandshakeFailure{kMalformed});
    return refuse_counted(connection, session, DropReason::bad_handshake, std::string(kHandshakeFailed) + kMalformed);
  }
  auto keys = sphinx::derive_gateway_keys(dh);
  wire::HandshakeReply reply{ephemeral.public_key,
                             config_.identity.sign(wire::handshake_transcript(ephemeral.public_key, init->ephemeral))};
  crypto::aes128_ctr(keys.encryption, {}, reply.encrypted_signature);
  session.handshake = Session::Handshake{*init, ephemeral.public_key, std::move(keys)};
  session.client = client;
  enter(connection, session, Session::State::handshaking);
  answer_handshake(connection, session, wire::HandshakePayload{wire::kGatewayProtocolVersion, reply.to_bytes()});
}

// 03 §5.3: other texts are skipped while a handshake message is awaited.
void Gateway::on_handshake_text(ConnectionId connection, Session& session, const std::string& text) {
  auto message = wire::parse_handshake_control(text);
  if (!message) return drop(DropReason::unexpected_frame);
  if (const auto* failure = std::get_if<wire::HandshakeFailure>(&*message)) {
    enter(connection, session, Session::State::unauthenticated);
    session.handshake.reset();
    return refuse_counted(connection, session, DropReason::bad_handshake,
                          fmt::format("{}error on the remote: {}", kHandshakeFailed, failure->message));
  }
  finish_registration(connection, session, std::get<wire::HandshakePayload>(*message).data);
}

void Gateway::finish_registration(ConnectionId connection, Session& session, ByteView encrypted_signature) {
  Session::Handshake handshake = std::move(*session.handshake);
  session.handshake.reset();
  enter(connection, session, Session::State::unauthenticated);
  auto fail_with = [&](const std::string& reason) {
    answer_handshake(connection, session, wire::HandshakeFailure{reason});
    refuse_counted(connection, session, DropReason::bad_handshake, kHandshakeFailed + reason);
  };
  if (encrypted_signature.size() != 64) {
    return fail_with(
        fmt::format("received key material of invalid length - {}. Expected: 64", encrypted_signature.size()));
  }
  auto signature = to_array<64>(encrypted_signature);
  crypto::aes128_ctr(handshake.keys.encryption, {}, signature);
  auto transcript = wire::handshake_transcript(handshake.init.ephemeral, handshake.own_ephemeral);
  if (!crypto::verify(handshake.init.identity, transcript, signature)) return fail_with("received invalid signature");
  if (connected_.contains(session.client)) return refuse(connection, session, kAlreadyConnected, Then::stay);

  session.keys = handshake.keys;
  enter(connection, session, Session::State::storing_keys);
  connected_.emplace(session.client, connection);
  answer_handshake(connection, session, wire::HandshakePayload{wire::kGatewayProtocolVersion, {1}});
  persist({StoreSharedKeys{session.client, session.keys}},
          [this, connection](const std::optional<std::string>& error) { on_keys_stored(connection, error); });
}

// Stored messages stay for the first `authenticate`: a client that only registers goes away at once.
void Gateway::on_keys_stored(ConnectionId connection, const std::optional<std::string>& error) {
  auto found = sessions_.find(connection);
  if (found == sessions_.end()) return;
  Session& session = found->second;
  if (error) {
    reach(Probe::gateway_keys_not_stored);
    connected_.erase(session.client);
    enter(connection, session, Session::State::unauthenticated);
    return refuse(connection, session, kStorageError, Then::stay);
  }
  session.account = &registry_.put(session.client, session.keys);
  outbox_.push(Event(ClientRegistered{session.client}));
  enter(connection, session, Session::State::active);
  answer(connection, session, wire::RegisterResponse{wire::kGatewayProtocolVersion, true});
}

// 03 §6
void Gateway::on_authenticate(ConnectionId connection, Session& session, const wire::AuthenticateRequest& request,
                              const std::string& text) {
  if (!check_protocol_version(connection, session, request.protocol_version)) return;
  auto fields = wire::decode_authenticate(request);
  if (!fields) {
    return refuse_counted(connection, session, DropReason::bad_authentication, fields.error().text());
  }
  ClientAddress client{fields->address};
  auto* known = registry_.find(client);
  if (known == nullptr || !wire::verifies(*fields, known->keys.encryption)) {
    reach(Probe::gateway_unknown_client);
    drop(DropReason::bad_authentication);
    std::int64_t balance = known == nullptr ? 0 : known->bandwidth;
    answer(connection, session, wire::AuthenticateResponse{wire::kGatewayProtocolVersion, false, balance});
    outbox_.push(CloseClient{connection});
    forget(connection);
    return;
  }
  if (auto older = connected_.find(client); older != connected_.end()) {
    return challenge_older(connection, session, older->second, text);
  }
  session.client = client;
  session.keys = known->keys;
  session.account = known;
  enter(connection, session, Session::State::emptying_inbox);
  connected_.emplace(client, connection);
  read_inbox(connection, session);
}

void Gateway::become_active(ConnectionId connection, Session& session) {
  enter(connection, session, Session::State::active);
  outbox_.push(Event(ClientAuthenticated{session.client}));
  answer(connection, session,
         wire::AuthenticateResponse{wire::kGatewayProtocolVersion, true, session.account->bandwidth});
}

void Gateway::on_active_text(ConnectionId connection, Session& session, const std::string& text) {
  auto request = wire::parse_client_control(text);
  if (!request) {
    return refuse_counted(connection, session, DropReason::malformed_request,
                          kMalformedBinary + request.error().text());
  }
  std::visit(Overloaded{
                 [&](const wire::ClaimFreeBandwidth&) { claim_free_bandwidth(connection, session); },
                 [&](const wire::BandwidthCredential&) {
                   refuse_counted(connection, session, DropReason::malformed_request,
                                  "This gateway does not accept bandwidth credentials");
                 },
                 [&](const auto&) {
                   refuse_counted(connection, session, DropReason::malformed_request,
                                  "The received request is not valid in the current context");
                 },
             },
             *request);
}

void Gateway::claim_free_bandwidth(ConnectionId connection, Session& session) {
  auto& client = *session.account;
  std::int64_t total = 0;
  if (__builtin_add_overflow(client.bandwidth, kFreeBandwidth, &total)) {
    return refuse_counted(connection, session, DropReason::malformed_request,
                          "The bandwidth of this client can not grow further");
  }
  client.bandwidth = total;
  client.stored_bandwidth = total;
  persist({StoreBandwidth{session.client, total}}, [this, connection, total](const std::optional<std::string>& error) {
    auto found = sessions_.find(connection);
    if (found == sessions_.end()) return;
    if (error) return refuse(connection, found->second, kStorageError, Then::stay);
    answer(connection, found->second, wire::BandwidthResponse{total});
  });
}

// 03 §7.1
void Gateway::on_client_binary(const ClientBinary& message) {
  auto found = sessions_.find(message.connection);
  if (found == sessions_.end()) return;
  Session& session = found->second;
  on_sign_of_life(found->first, session);
  if (session.state != Session::State::active) {
    drop(DropReason::unexpected_frame);
    refuse(message.connection, session, "binary request without prior authentication", Then::close);
    return end_session(message.connection, session);
  }
  auto opened = suite_.open_envelope(session.keys, message.data);
  if (!opened) {
    reach(Probe::gateway_client_envelope_refused);
    drop(DropReason::bad_envelope);
    const char* reason =
        opened.error().is(sphinx::SphinxError::too_short) ? "the request is too short" : "provided MAC is invalid";
    return refuse(message.connection, session, fmt::format("{}{}", kMalformedBinary, reason), Then::stay);
  }
  auto packet = wire::parse_mix_packet(*opened);
  if (!packet) {
    drop(DropReason::malformed_request);
    return refuse(message.connection, session,
                  fmt::format("{}provided mix packet was malformed - {}", kMalformedBinary, packet.error().text()),
                  Then::stay);
  }
  forward_packet(message.connection, session, *packet);
}

void Gateway::forward_packet(ConnectionId connection, Session& session, const wire::MixPacket& packet) {
  if (packet.type != wire::PacketType::mix || wire::is_outfox(packet.size)) {
    drop(DropReason::unsupported_packet_type);
    return refuse(
        connection, session,
        fmt::format("{}provided mix packet was malformed - provided packet mode is invalid", kMalformedBinary),
        Then::stay);
  }
  if (!links_.knows(packet.next_hop)) {
    drop(DropReason::unknown_next_hop);
    return refuse(connection, session, kUnknownHop, Then::stay);
  }
  auto& client = *session.account;
  auto cost = static_cast<std::int64_t>(packet.packet.size());
  if (client.bandwidth < cost) {
    reach(Probe::gateway_client_without_bandwidth);
    drop(DropReason::no_bandwidth);
    return refuse(connection, session, "Insufficient bandwidth available", Then::stay);
  }
  client.bandwidth -= cost;
  outbox_.push(Event(PacketAccepted{packet.size}));
  links_.send(outbox_.now(), packet.next_hop, {packet.size, packet.type, packet.packet});
  answer(connection, session, wire::SendResponse{client.bandwidth});
}

void Gateway::on_client_disconnected(const ClientDisconnected& gone) {
  auto found = sessions_.find(gone.connection);
  if (found == sessions_.end()) return;
  auto challenge = found->second.challenge;
  if (gone.reason != CloseReason::finished) store_unconfirmed(found->second);
  end_session(gone.connection, found->second);
  if (challenge) give_place(challenge->by);
}

// A client whose connection died unnoticed comes back on a new one, perhaps without its keys: the older session has a
// second to show that it lives. The original refuses the new one at once (07 no. 59), until TCP gives up on the old.
void Gateway::challenge_older(ConnectionId connection, Session& session, ConnectionId older, const std::string& text) {
  Session& defender = sessions_.at(older);
  if (defender.challenge) return refuse(connection, session, kAlreadyConnected, Then::stay);
  defender.challenge = Session::Challenge{connection, outbox_.now() + limits::kSignOfLife};
  challenges_.set(older, defender.challenge->deadline);
  enter(connection, session, Session::State::awaiting_older);
  session.held_request = text;
  reach(Probe::takeover_asked);
  ping(older, defender);
}

// The answer shows that everything written before the question has arrived.
void Gateway::ping(ConnectionId connection, Session& session) {
  constexpr std::size_t kOwed = 8;
  if (session.pings.size() < kOwed) session.pings.push_back(session.written);
  outbox_.push(PingClient{connection});
}

void Gateway::on_pong(ConnectionId connection) {
  auto found = sessions_.find(connection);
  if (found == sessions_.end()) return;
  Session& session = found->second;
  if (!session.pings.empty()) {
    auto arrived = session.pings.front();
    session.pings.pop_front();
    while (!session.unconfirmed.empty() && session.written - session.unconfirmed.size() < arrived) {
      session.unconfirmed.pop_front();
    }
  }
  on_sign_of_life(connection, session);
  empty_inbox_again(connection, session);
}

void Gateway::on_sign_of_life(ConnectionId connection, Session& session) {
  if (!session.challenge) return;
  challenges_.clear(connection);
  auto challenger = sessions_.find(std::exchange(session.challenge, std::nullopt)->by);
  if (challenger == sessions_.end()) return;
  reach(Probe::takeover_refused);
  enter(challenger->first, challenger->second, Session::State::unauthenticated);
  refuse(challenger->first, challenger->second, kAlreadyConnected, Then::stay);
}

void Gateway::give_place(ConnectionId connection) {
  auto challenger = sessions_.find(connection);
  if (challenger == sessions_.end()) return;
  enter(connection, challenger->second, Session::State::unauthenticated);
  on_fresh_text(connection, challenger->second, std::exchange(challenger->second.held_request, {}));
}

void Gateway::end_challenges_due(TimePoint now) {
  for (auto defender : challenges_.take_due(now)) {
    reach(Probe::takeover_won);
    outbox_.push(CloseClient{defender});
    auto& session = sessions_.at(defender);
    auto challenger = session.challenge->by;
    store_unconfirmed(session);
    end_session(defender, session);
    give_place(challenger);
  }
}

// What the operating system took and the client may never have seen. A client knows what it has twice.
void Gateway::store_unconfirmed(Session& session) {
  if (!session.unconfirmed.empty()) reach(Probe::inbox_unconfirmed_push_kept);
  for (const auto& swallowed : session.unconfirmed.take_all()) store(session.client, swallowed, std::nullopt);
}

// What was pushed and did not reach the socket is kept for the next login; the balance goes to disk.
void Gateway::end_session(ConnectionId connection, Session& session) {
  auto mine = connected_.find(session.client);
  bool was_connected = mine != connected_.end() && mine->second == connection;
  Session ended = std::move(session);
  forget(connection);
  if (!was_connected) return;
  connected_.erase(mine);
  outbox_.push(Event(SessionEnded{ended.client}));
  for (auto& push : ended.pushes) {
    if (push.kind == Session::Push::Kind::message || push.kind == Session::Push::Kind::acknowledgement) {
      reach(Probe::inbox_unwritten_push_kept);
      store(ended.client, push.content, std::move(push.ack));
    }
  }
  if (!ended.written_rows.empty()) delete_written_rows({}, ended);
  if (auto operation = bandwidth_to_store(ended.client)) persist({*operation}, {});
}

std::optional<StoreOperation> Gateway::bandwidth_to_store(const ClientAddress& address) {
  auto* client = registry_.find(address);
  if (client == nullptr || client->bandwidth == client->stored_bandwidth) return std::nullopt;
  client->stored_bandwidth = client->bandwidth;
  return StoreBandwidth{address, client->bandwidth};
}

void Gateway::answer(ConnectionId connection, Session& session, const wire::GatewayControl& response) {
  session.pushes.push_back({});
  outbox_.push(SendText{connection, wire::to_json(response)});
}

void Gateway::answer_handshake(ConnectionId connection, Session& session, const wire::HandshakeControl& message) {
  session.pushes.push_back({});
  outbox_.push(SendText{connection, wire::to_json(message)});
}

void Gateway::refuse_counted(ConnectionId connection, Session& session, DropReason reason, std::string text) {
  drop(reason);
  refuse(connection, session, std::move(text), Then::stay);
}

void Gateway::refuse(ConnectionId connection, Session& session, std::string text, Then then) {
  answer(connection, session, wire::ErrorResponse{std::move(text)});
  if (then == Then::close) outbox_.push(CloseClient{connection});
}

bool Gateway::check_protocol_version(ConnectionId connection, Session& session, std::optional<std::uint8_t> version) {
  if (!version || *version == wire::kGatewayProtocolVersion) return true;
  refuse(
      connection, session,
      fmt::format("Attempted to negotiate connection with client using incompatible protocol version. Ours is {} and "
                  "the client reports Some({})",
                  wire::kGatewayProtocolVersion, *version),
      Then::stay);
  return false;
}

}  // namespace nym::gateway
