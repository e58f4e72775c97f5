#include "engine/client/registration.h"

#include <fmt/format.h>

#include "engine/base/overloaded.h"
#include "engine/client/error.h"
#include "engine/crypto/constant_time.h"
#include "engine/wire/control_messages.h"
#include "engine/wire/handshake.h"

namespace nym::client {
namespace {

constexpr const char* kMalformedResponse = "received response was malformed:";
constexpr const char* kInvalidSignature = "received invalid signature";
constexpr const char* kMalformedRequest = "sent request was malformed";

}  // namespace

Registration::Registration(Config config, RandomSource& random)
    : config_(std::move(config)), ephemeral_(crypto::X25519KeyPair::generate(random)) {}

void Registration::start(TimePoint now) {
  outbox_.begin_mutation(now);
  enter(State::dialing, config_.handshake_timeout);
  outbox_.push(DialGateway{connection_, config_.gateway_url});
}

void Registration::handle_input(TimePoint now, Input input) {
  outbox_.begin_mutation(now);
  if (state_ == State::finished) return;
  std::visit(
      Overloaded{
          [&](GatewayOpened&) { on_opened(); },
          [&](GatewayText& message) { on_text(message.text); },
          [&](GatewayBinary&) {},  // nothing is pushed before registration ends
          [&](GatewayClosed& closed) {
            auto why = closed.detail.empty() ? std::string(to_string(closed.reason)) : closed.detail;
            finish(fail(ClientError::bad_gateway_answer, fmt::format("lost the connection to the gateway: {}", why)));
          },
      },
      input);
}

void Registration::handle_timeout(TimePoint now) {
  now = outbox_.begin_mutation(now);
  if (!deadline_ || now < *deadline_) return;
  finish(fail(ClientError::bad_gateway_answer, "the gateway did not answer in time"));
}

std::optional<TimePoint> Registration::poll_timeout() const {
  outbox_.check_drained();
  return deadline_;
}

void Registration::on_opened() {
  if (state_ != State::dialing) return;
  enter(State::awaiting_reply, config_.handshake_timeout);
  wire::HandshakeInit init{config_.identity.public_key(), ephemeral_.public_key};
  outbox_.push(SendText{connection_, wire::to_json(wire::HandshakeControl(
                                         wire::HandshakePayload{wire::kGatewayProtocolVersion, init.to_bytes()}))});
}

// Unlike the original, which waits for ever, an `error` during the handshake ends it (03 §5.3).
void Registration::on_text(const std::string& text) {
  if (state_ == State::awaiting_register) return on_register(text);
  if (auto message = wire::parse_handshake_control(text)) {
    if (const auto* failure = std::get_if<wire::HandshakeFailure>(&*message)) {
      return finish(fail(ClientError::bad_gateway_answer, fmt::format("the gateway refused: {}", failure->message)));
    }
    const auto& data = std::get<wire::HandshakePayload>(*message).data;
    if (state_ == State::awaiting_reply) return on_reply(data);
    if (state_ == State::awaiting_confirmation) return on_confirmation(data);
    return;
  }
  auto control = wire::parse_gateway_control(text);
  const auto* error = control ? std::get_if<wire::ErrorResponse>(&*control) : nullptr;
  if (error != nullptr) {
    finish(fail(ClientError::bad_gateway_answer, fmt::format("the gateway refused: {}", error->message)));
  }
}

void Registration::on_reply(ByteView data) {
  auto reply = wire::HandshakeReply::parse(data);
  if (!reply) return abort_handshake(kMalformedResponse);
  auto dh = crypto::diffie_hellman(ephemeral_.secret, reply->ephemeral);
  if (crypto::is_all_zero(dh.expose())) return abort_handshake(kMalformedResponse);
  keys_ = sphinx::derive_gateway_keys(dh);
  auto signature = reply->encrypted_signature;
  crypto::aes128_ctr(keys_->encryption, {}, signature);
  if (!crypto::verify(config_.gateway, wire::handshake_transcript(reply->ephemeral, ephemeral_.public_key),
                      signature)) {
    return abort_handshake(kInvalidSignature);
  }
  enter(State::awaiting_confirmation, config_.handshake_timeout);
  auto own = config_.identity.sign(wire::handshake_transcript(ephemeral_.public_key, reply->ephemeral));
  crypto::aes128_ctr(keys_->encryption, {}, own);
  outbox_.push(SendText{connection_, wire::to_json(wire::HandshakeControl(
                                         wire::HandshakePayload{wire::kGatewayProtocolVersion, to_bytes(own)}))});
}

void Registration::on_confirmation(ByteView data) {
  if (data.size() != 1 || data[0] > 1) return abort_handshake(kMalformedResponse);
  if (data[0] == 0) return abort_handshake(kMalformedRequest);
  enter(State::awaiting_register, config_.answer_timeout);
}

void Registration::on_register(const std::string& text) {
  auto response = wire::parse_gateway_control(text);
  if (!response) return finish(fail(ClientError::bad_gateway_answer, "the gateway's response was malformed"));
  if (const auto* error = std::get_if<wire::ErrorResponse>(&*response)) {
    return finish(fail(ClientError::bad_gateway_answer, fmt::format("the gateway refused: {}", error->message)));
  }
  const auto* registered = std::get_if<wire::RegisterResponse>(&*response);
  if (registered == nullptr) return finish(fail(ClientError::bad_gateway_answer, "unexpected response of the gateway"));
  auto version = registered->protocol_version.value_or(wire::kGatewayProtocolVersion);
  if (version != wire::kGatewayProtocolVersion) {
    return finish(fail(ClientError::bad_gateway_answer, fmt::format("the gateway speaks protocol {}, ours is {}",
                                                                    version, wire::kGatewayProtocolVersion)));
  }
  if (!registered->status) return finish(fail(ClientError::bad_gateway_answer, "the gateway refused the registration"));
  finish(*keys_);
}

void Registration::enter(State state, Duration timeout) {
  state_ = state;
  deadline_ = outbox_.now() + timeout;
}

void Registration::abort_handshake(const std::string& reason) {
  outbox_.push(SendText{connection_, wire::to_json(wire::HandshakeControl(wire::HandshakeFailure{reason}))});
  finish(fail(ClientError::bad_gateway_answer, reason));
}

void Registration::finish(Result<sphinx::GatewaySharedKeys> keys) {
  state_ = State::finished;
  deadline_.reset();
  outbox_.push(CloseGateway{connection_});
  outbox_.push(Finished{std::move(keys)});
}

}  // namespace nym::client
