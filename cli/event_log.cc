#include "cli/event_log.h"

#include "cli/log.h"
#include "engine/base/overloaded.h"
#include "engine/client/status.h"

namespace nym::cli {
namespace {

constexpr std::string_view kGatewayTarget = "nym_gateway_client::client";
constexpr std::string_view kClientTarget = "nym_client_core::client::base_client";

void log_gateway_state(const client::GatewayStateChanged& changed) {
  switch (changed.state) {
    case client::GatewayState::ready:
      return log_info(kGatewayTarget, "connected to the gateway");
    case client::GatewayState::waiting:
      return log_warn(kGatewayTarget, "no connection to the gateway: {}; trying again", changed.why);
    case client::GatewayState::claiming:
      return log_info(kGatewayTarget, "claiming bandwidth");
    case client::GatewayState::disconnected:
    case client::GatewayState::dialing:
    case client::GatewayState::authenticating:
      return log_debug(kGatewayTarget, "gateway session: {}", client::to_string(changed.state));
  }
}

void log_outcome(const client::MessageEnded& ended) {
  if (ended.outcome == client::Outcome::acknowledged) {
    return log_debug(kClientTarget, "message {} was acknowledged", ended.id.value);
  }
  log_warn(kClientTarget, "message {} was not delivered: {}", ended.id.value, ended.why);
}

void log_drop(DropReason reason) {
  if (reason != DropReason::backlog_full) return log_debug(kClientTarget, "dropped: {}", to_string(reason));
  log_warn(kClientTarget, "a received message was dropped: more than fit wait for an application");
}

}  // namespace

void log_event(const client::Event& event) {
  std::visit(Overloaded{
                 [](const client::GatewayStateChanged& changed) { log_gateway_state(changed); },
                 [](const client::TopologyChanged& changed) {
                   if (!changed.usable) log_warn(kClientTarget, "packets can not be sent: {}", changed.why);
                 },
                 [](const client::MessageEnded& ended) { log_outcome(ended); },
                 [](const client::MessageReceived& received) {
                   log_debug(kClientTarget, "received a message of {} bytes", received.bytes);
                 },
                 [](const client::ReceptionGivenUp& lost) {
                   log_warn(kClientTarget,
                            "gave up an incoming message: {} fragments ({} bytes) came, the rest did not",
                            lost.fragments, lost.bytes);
                 },
                 [](const client::Dropped& dropped) { log_drop(dropped.reason); },
                 [](const auto&) {},
             },
             event);
}

}  // namespace nym::cli
