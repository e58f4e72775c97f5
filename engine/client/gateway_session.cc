#include "engine/client/gateway_session.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/base/check.h"
#include "engine/base/limits.h"
#include "engine/base/probe.h"
#include "engine/wire/authentication.h"
#include "engine/wire/mix_packet.h"

namespace nym::client {
namespace {

constexpr std::int64_t kClaimBelow = 1'048'576;  // bytes (03 §1)
constexpr Duration kDialTimeout = Duration::seconds(30);

}  // namespace

GatewaySession::GatewaySession(const ClientConfig& config, const sphinx::Suite& suite, RandomSource& random,
                               GatewaySessionSink& sink)
    : config_(config), suite_(suite), random_(random.fork("gateway session")), sink_(sink) {}

void GatewaySession::dial(TimePoint now) {
  ++connection_.value;
  in_flight_ = 0;
  claim_pending_ = false;
  deadline_ = now + kDialTimeout;
  enter(GatewayState::dialing);
  sink_.dial(connection_, config_.gateway_url);
}

void GatewaySession::on_opened(TimePoint now, ConnectionId connection) {
  if (!is_current(connection) || state_ != GatewayState::dialing) return;
  deadline_ = now + config_.gateway_link.response_timeout;
  watch_.start(now);
  enter(GatewayState::authenticating);
  auto iv = draw_array<16>(*random_);
  auto request =
      wire::make_authenticate(config_.keys.gateway_shared.encryption, config_.keys.identity.public_key().bytes(), iv);
  sink_.send_text(connection_, wire::to_json(wire::ClientControl(request)));
}

void GatewaySession::on_text(TimePoint now, const GatewayText& message) {
  if (!is_current(message.connection)) return;
  watch_.heard(now);
  auto response = wire::parse_gateway_control(message.text);
  if (!response) {
    reach(Probe::session_malformed_response);
    return lose(now, "gateway sent a malformed response");
  }
  switch (state_) {
    case GatewayState::authenticating:
      return on_authenticated(now, *response);
    case GatewayState::claiming:
    case GatewayState::ready:
      return on_bandwidth(*response);
    case GatewayState::disconnected:
    case GatewayState::dialing:
    case GatewayState::waiting:
      return sink_.dropped(DropReason::unexpected_frame);
  }
}

void GatewaySession::on_authenticated(TimePoint now, const wire::GatewayControl& response) {
  if (const auto* error = std::get_if<wire::ErrorResponse>(&response)) {
    reach(Probe::session_refused_at_login);
    return lose(now, fmt::format("gateway returned an error: {}", error->message));
  }
  const auto* answer = std::get_if<wire::AuthenticateResponse>(&response);
  if (answer == nullptr) return sink_.dropped(DropReason::unexpected_frame);
  if (answer->protocol_version.value_or(wire::kGatewayProtocolVersion) != wire::kGatewayProtocolVersion) {
    return lose(now, fmt::format("gateway speaks protocol {}, ours is {}", *answer->protocol_version,
                                 wire::kGatewayProtocolVersion));
  }
  if (!answer->status) {
    reach(Probe::session_unknown_to_gateway);
    return lose(now, kUnknownToGateway);
  }
  failures_ = 0;
  if (answer->bandwidth_remaining < kClaimBelow) {
    reach(Probe::session_claim_at_login);
    deadline_ = now + config_.gateway_link.response_timeout;
    enter(GatewayState::claiming);
    return claim();
  }
  become_ready();
}

void GatewaySession::become_ready() {
  deadline_.reset();
  enter(GatewayState::ready);
}

// While ready, the answers to packets tell the balance: more is claimed before it runs out.
void GatewaySession::on_bandwidth(const wire::GatewayControl& response) {
  if (std::holds_alternative<wire::BandwidthResponse>(response)) {
    claim_pending_ = false;
    if (state_ == GatewayState::claiming) become_ready();
    return;
  }
  if (const auto* sent = std::get_if<wire::SendResponse>(&response)) {
    if (sent->remaining_bandwidth < kClaimBelow) claim();
    return;
  }
  if (std::holds_alternative<wire::ErrorResponse>(response)) {
    sink_.dropped(DropReason::no_bandwidth);
    if (state_ == GatewayState::ready) claim();
  }
}

void GatewaySession::claim() {
  if (claim_pending_) return;
  if (state_ == GatewayState::ready) reach(Probe::session_claim_while_ready);
  claim_pending_ = true;
  ++in_flight_;
  sink_.send_text(connection_, wire::to_json(wire::ClientControl(wire::ClaimFreeBandwidth{})));
}

void GatewaySession::on_pong(TimePoint now, ConnectionId connection) {
  if (is_current(connection)) watch_.heard(now);
}

void GatewaySession::on_binary(TimePoint now, const GatewayBinary& message) {
  if (!is_current(message.connection)) return;
  watch_.heard(now);
  auto opened = suite_.open_envelope(config_.keys.gateway_shared, message.data);
  if (!opened) {
    reach(Probe::session_bad_envelope);
    return sink_.dropped(DropReason::bad_envelope);
  }
  sink_.pushed(*opened);
}

void GatewaySession::on_written(const GatewayWritten& written) {
  // The authenticate message is not counted as a slot, its Written is harmless.
  if (is_current(written.connection)) in_flight_ -= std::min(in_flight_, written.messages);
}

void GatewaySession::on_closed(TimePoint now, const GatewayClosed& closed) {
  if (!is_current(closed.connection)) return;
  reach(Probe::session_closed_by_peer);
  lose(now, closed.detail.empty() ? fmt::format("connection {}", to_string(closed.reason)) : closed.detail);
}

void GatewaySession::on_timeout(TimePoint now) {
  switch (watch_.check(now)) {
    case LinkWatch::Verdict::alive:
      break;
    case LinkWatch::Verdict::wants_ping:
      reach(Probe::link_watch_ping);
      sink_.ping(connection_);
      break;
    case LinkWatch::Verdict::dead:
      reach(Probe::link_watch_dead);
      return lose(now, "gateway does not answer any more");
  }
  if (!deadline_ || now < *deadline_) return;
  deadline_.reset();
  if (state_ == GatewayState::waiting) {
    reach(Probe::session_reconnect);
    return dial(now);
  }
  reach(state_ == GatewayState::dialing ? Probe::session_dial_timed_out : Probe::session_answer_timed_out);
  lose(now, state_ == GatewayState::dialing ? "connecting timed out" : "gateway did not answer in time");
}

std::optional<TimePoint> GatewaySession::next_deadline() const {
  auto watched = watch_.deadline();
  if (!deadline_ || !watched) return deadline_ ? deadline_ : watched;
  return std::min(*deadline_, *watched);
}

void GatewaySession::lose(TimePoint now, const std::string& why) {
  sink_.close(connection_);
  watch_.stop();
  in_flight_ = 0;
  auto exponent = std::min(failures_++, 20U);
  auto full = std::min(config_.gateway_link.backoff_initial * (std::int64_t{1} << exponent),
                       config_.gateway_link.backoff_maximum);
  auto jitter = draw_below(*random_, static_cast<std::uint64_t>(full.ns() / 2) + 1);
  deadline_ = now + full - Duration::nanoseconds(static_cast<std::int64_t>(jitter));
  enter(GatewayState::waiting, why);
}

void GatewaySession::enter(GatewayState state, const std::string& why) {
  state_ = state;
  sink_.state_changed(state, why);
}

std::size_t GatewaySession::free_slots() const {
  return limits::kGatewayFramesInFlight - std::min(limits::kGatewayFramesInFlight, in_flight_);
}

void GatewaySession::send(const Endpoint& first_hop, Blob packet) {
  NYM_CHECK(is_ready());
  ++in_flight_;
  auto head = wire::encode_mix_packet_head(wire::PacketType::mix, first_hop);
  sink_.send_binary(connection_, suite_.seal_envelope(config_.keys.gateway_shared, std::move(head), std::move(packet)));
}

}  // namespace nym::client
