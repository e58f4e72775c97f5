#pragma once

#include "engine/base/outbox.h"
#include "engine/client/io.h"
#include "engine/crypto/ed25519.h"
#include "engine/crypto/x25519.h"
#include "engine/sphinx/envelope.h"

namespace nym::client {

/// Registers a new client with a gateway (03 §5.2); what `init` runs. Same contract as every node object.
class Registration {
 public:
  struct Config {
    std::string gateway_url;
    crypto::Ed25519PublicKey gateway;
    crypto::Ed25519PrivateKey identity;
    Duration answer_timeout = Duration::milliseconds(1'500);  ///< for `register`
    Duration handshake_timeout = Duration::seconds(10);       ///< for the rest; the original waits for ever
  };
  struct Finished {
    Result<sphinx::GatewaySharedKeys> keys;
  };
  using Input = std::variant<GatewayOpened, GatewayText, GatewayBinary, GatewayClosed>;
  using Output = std::variant<DialGateway, SendText, CloseGateway, Finished>;

  Registration(Config config, RandomSource& random);

  /// The first mutation.
  void start(TimePoint now);
  void handle_input(TimePoint now, Input input);
  void handle_timeout(TimePoint now);
  std::optional<Output> poll_output() { return outbox_.poll(); }
  std::optional<TimePoint> poll_timeout() const;

 private:
  // dialing → awaiting_reply → awaiting_confirmation → awaiting_register → finished
  enum class State : std::uint8_t { idle, dialing, awaiting_reply, awaiting_confirmation, awaiting_register, finished };

  void on_opened();
  void on_text(const std::string& text);
  void on_reply(ByteView data);
  void on_confirmation(ByteView data);
  void on_register(const std::string& text);
  void enter(State state, Duration timeout);
  void abort_handshake(const std::string& reason);
  void finish(Result<sphinx::GatewaySharedKeys> keys);

  Config config_;
  crypto::X25519KeyPair ephemeral_;
  State state_ = State::idle;
  ConnectionId connection_{1};
  std::optional<TimePoint> deadline_;
  std::optional<sphinx::GatewaySharedKeys> keys_;
  Outbox<Output> outbox_;
};

}  // namespace nym::client
