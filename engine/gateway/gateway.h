#pragma once

#include <functional>
#include <map>

#include "engine/base/outbox.h"
#include "engine/crypto/ed25519.h"
#include "engine/gateway/client_registry.h"
#include "engine/gateway/deadlines.h"
#include "engine/gateway/inbox.h"
#include "engine/gateway/io.h"
#include "engine/gateway/session.h"
#include "engine/relay/mix_links.h"
#include "engine/relay/replay_filter.h"
#include "engine/sphinx/suite.h"
#include "engine/wire/authentication.h"
#include "engine/wire/control_messages.h"
#include "engine/wire/mix_packet.h"

namespace nym::gateway {

struct Config {
  crypto::Ed25519PrivateKey identity;
  crypto::X25519KeyPair sphinx_key;
  relay::ReplayMode replay = relay::ReplayMode::reject;
  relay::MixLinks::Config links;
};

/// What a free claim adds (03 §1).
inline constexpr std::int64_t kFreeBandwidth = 64LL * 1024 * 1024 * 1024;

/// What a client is told when the disk failed.
inline constexpr const char* kStorageError = "Internal gateway storage error";

/// Stands between clients and the mixnet (03 §4-§10): registers and authenticates clients, carries their packets to the
/// first mixnode, peels the last layer of packets that arrive, pushes or stores what is inside and sends the
/// acknowledgement on, but only once the message has reached the operating system
/// or its row is committed. The suite outlives the gateway.
class Gateway final : private relay::LinkSink {
 public:
  Gateway(Config config, StoredState stored, const sphinx::Suite& suite, RandomSource& random);

  void handle_input(TimePoint now, Input&& input);
  void handle_timeout(TimePoint now);
  std::optional<Output> poll_output() { return outbox_.poll(); }
  std::optional<TimePoint> poll_timeout() const;

  const crypto::X25519KeyPair& sphinx_key() const { return config_.sphinx_key; }
  std::size_t queued_frames() const { return links_.queued_frames(); }
  std::size_t connected_clients() const { return connected_.size(); }
  std::size_t inbox_bytes() const { return inbox_.total_bytes(); }

 private:
  using PersistDone = std::function<void(const std::optional<std::string>& error)>;
  enum class Then : std::uint8_t { stay, close };

  // gateway.cc: the mixnet side.
  void on_frame(const wire::MixFrame& frame);
  void deliver_ack(const ClientAddress& client, const Blob& plaintext);
  void deliver_message(const ClientAddress& client, const Blob& plaintext);
  void send_ack(const Session::Ack& ack);
  void store(const ClientAddress& client, const Blob& message, std::optional<Session::Ack> ack);
  void on_persisted(const Persisted& persisted);
  /// Of a client that can be pushed to; otherwise its messages are stored.
  std::optional<ConnectionId> connection_with_room(const ClientAddress& client);
  void push(ConnectionId connection, Session& session, Session::Push push);
  void persist(std::vector<StoreOperation> operations, PersistDone done);
  void drop(DropReason reason) { outbox_.push(Event(Dropped{reason})); }

  // inbox_delivery.cc: what was stored goes out.
  void read_inbox(ConnectionId connection, Session& session);
  void on_inbox_read(const InboxRead& read);
  void inbox_is_empty(ConnectionId connection, Session& session);
  void on_stored_for(const ClientAddress& client);
  void empty_inbox_again(ConnectionId connection, Session& session);
  void on_client_written(const ClientWritten& written);
  void push_written(Session& session, Session::Push& push);
  void keep_unconfirmed(Session& session, const Blob& content) const;
  void ping(ConnectionId connection, Session& session);
  void on_pong(ConnectionId connection);
  void store_unconfirmed(Session& session);
  void delete_written_rows(ConnectionId connection, Session& session);
  void on_rows_deleted(ConnectionId connection);

  // client_side.cc: the websocket side.
  void on_client_connected(ConnectionId connection);
  void on_client_text(const ClientText& message);
  void on_client_binary(const ClientBinary& message);
  void on_client_disconnected(const ClientDisconnected& gone);
  void on_fresh_text(ConnectionId connection, Session& session, const std::string& text);
  void on_register(ConnectionId connection, Session& session, const wire::RegisterRequest& request,
                   const std::string& text);
  void on_handshake_text(ConnectionId connection, Session& session, const std::string& text);
  void finish_registration(ConnectionId connection, Session& session, ByteView signature);
  void on_keys_stored(ConnectionId connection, const std::optional<std::string>& error);
  void on_authenticate(ConnectionId connection, Session& session, const wire::AuthenticateRequest& request,
                       const std::string& text);
  void become_active(ConnectionId connection, Session& session);
  void on_active_text(ConnectionId connection, Session& session, const std::string& text);
  void claim_free_bandwidth(ConnectionId connection, Session& session);
  void forward_packet(ConnectionId connection, Session& session, const wire::MixPacket& packet);
  void answer(ConnectionId connection, Session& session, const wire::GatewayControl& response);
  void answer_handshake(ConnectionId connection, Session& session, const wire::HandshakeControl& message);
  void refuse(ConnectionId connection, Session& session, std::string text, Then then);
  /// The connection stays.
  void refuse_counted(ConnectionId connection, Session& session, DropReason reason, std::string text);
  void end_session(ConnectionId connection, Session& session);
  void enter(ConnectionId connection, Session& session, Session::State state);
  void forget(ConnectionId connection);
  bool check_protocol_version(ConnectionId connection, Session& session, std::optional<std::uint8_t> version);
  void challenge_older(ConnectionId connection, Session& session, ConnectionId older, const std::string& text);
  void on_sign_of_life(ConnectionId connection, Session& session);
  void give_place(ConnectionId challenger);
  void end_challenges_due(TimePoint now);
  std::optional<StoreOperation> bandwidth_to_store(const ClientAddress& client);

  void dial(ConnectionId connection, const Endpoint& address) override;
  void send(ConnectionId connection, wire::MixFrame frame) override;
  void dropped(DropReason reason, std::size_t frames) override;

  Config config_;
  const sphinx::Suite& suite_;
  std::unique_ptr<RandomSource> random_;
  ClientRegistry registry_;
  InboxBudget inbox_;
  relay::ReplayFilter replays_;
  relay::MixLinks links_;
  std::map<ConnectionId, Session> sessions_;
  Deadlines newcomers_;                              ///< sessions that are not of a client yet
  Deadlines challenges_;                             ///< by the session that has to show that it lives
  std::map<ClientAddress, ConnectionId> connected_;  ///< from a good authenticate or register on
  std::map<PersistId, PersistDone> persisting_;
  std::map<PersistId, ConnectionId> reading_;
  std::uint64_t next_persist_ = 1;
  Outbox<Output> outbox_;
};

}  // namespace nym::gateway
