#pragma once

#include "engine/client/config.h"
#include "engine/client/io.h"
#include "engine/client/link_watch.h"
#include "engine/sphinx/suite.h"
#include "engine/wire/control_messages.h"

namespace nym::client {

/// Why it waits after its gateway refused the shared key: only a new registration helps.
inline constexpr const char* kUnknownToGateway = "gateway does not know this client: authentication failure";

/// What a GatewaySession wants done and has to say.
class GatewaySessionSink {
 public:
  virtual void dial(ConnectionId connection, const std::string& url) = 0;
  virtual void send_text(ConnectionId connection, std::string text) = 0;
  virtual void send_binary(ConnectionId connection, Blob data) = 0;
  virtual void ping(ConnectionId connection) = 0;
  virtual void close(ConnectionId connection) = 0;
  virtual void state_changed(GatewayState state, const std::string& why) = 0;
  /// A message that the gateway pushed, opened.
  virtual void pushed(const Blob& message) = 0;
  virtual void dropped(DropReason reason) = 0;

 protected:
  ~GatewaySessionSink() = default;
};

/// The link to our gateway, kept for ever: connects, authenticates, claims bandwidth when it runs low, and after every
/// loss, also an unannounced one, connects again with jittered back-off (03 §6-§8; the original ends here instead).
///
///   waiting ──due──► dialing ──opened──► authenticating ──ok──► (claiming) ──► ready
///      ▲                └──────────┴──────── closed, refused, timed out ──────────┘
class GatewaySession {
 public:
  GatewaySession(const ClientConfig& config, const sphinx::Suite& suite, RandomSource& random,
                 GatewaySessionSink& sink);

  void start(TimePoint now) { dial(now); }
  void on_opened(TimePoint now, ConnectionId connection);
  void on_text(TimePoint now, const GatewayText& message);
  void on_binary(TimePoint now, const GatewayBinary& message);
  void on_pong(TimePoint now, ConnectionId connection);
  void on_written(const GatewayWritten& written);
  void on_closed(TimePoint now, const GatewayClosed& closed);
  void on_timeout(TimePoint now);
  std::optional<TimePoint> next_deadline() const;

  GatewayState state() const { return state_; }
  bool is_ready() const { return state_ == GatewayState::ready; }
  std::size_t free_slots() const;
  std::size_t used_slots() const { return in_flight_; }
  /// Sealed and sent; call only when ready.
  void send(const Endpoint& first_hop, Blob packet);

 private:
  void dial(TimePoint now);
  void lose(TimePoint now, const std::string& why);
  void enter(GatewayState state, const std::string& why = {});
  void become_ready();
  void on_authenticated(TimePoint now, const wire::GatewayControl& response);
  void on_bandwidth(const wire::GatewayControl& response);
  void claim();
  bool is_current(ConnectionId connection) const {
    return connection == connection_ && state_ != GatewayState::waiting;
  }

  const ClientConfig& config_;
  const sphinx::Suite& suite_;
  std::unique_ptr<RandomSource> random_;
  GatewaySessionSink& sink_;
  GatewayState state_ = GatewayState::disconnected;
  ConnectionId connection_;
  std::optional<TimePoint> deadline_;
  LinkWatch watch_;  ///< runs while the connection is open
  std::size_t in_flight_ = 0;
  std::uint32_t failures_ = 0;
  bool claim_pending_ = false;
};

}  // namespace nym::client
