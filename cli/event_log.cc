#include "cli/event_log.h"

#include <spdlog/spdlog.h>

#include "engine/base/overloaded.h"
#include "engine/client/status.h"

namespace nym::cli {
namespace {

void log_gateway_state(const client::GatewayStateChanged& changed) {
  switch (changed.state) {
    case client::GatewayState::ready:
      return spdlog::info("connected to the gateway");
    case client::GatewayState::waiting:
      return spdlog::warn("no connection to the gateway: {}; trying again", changed.why);
    case client::GatewayState::claiming:
      return spdlog::info("claiming bandwidth");
    case client::GatewayState::disconnected:
    case client::GatewayState::dialing:
    case client::GatewayState::authenticating:
      return spdlog::debug("gateway session: {}", client::to_string(changed.state));
  }
}

void log_outcome(const client::MessageEnded& ended) {
  if (ended.outcome == client::Outcome::acknowledged)
    return spdlog::debug("message {} was acknowledged", ended.id.value);
  spdlog::warn("message {} was not delivered: {}", ended.id.value, ended.why);
}

void log_drop(DropReason reason) {
  if (reason != DropReason::backlog_full) return spdlog::debug("dropped: {}", to_string(reason));
  spdlog::warn("a received message was dropped: more than fit wait for an application");
}

}  // namespace

void log_event(const client::Event& event) {
  std::visit(Overloaded{
                 [](const client::GatewayStateChanged& changed) { log_gateway_state(changed); },
                 [](const client::TopologyChanged& changed) {
                   if (!changed.usable) spdlog::warn("packets can not be sent: {}", changed.why);
                 },
                 [](const client::MessageEnded& ended) { log_outcome(ended); },
                 [](const client::MessageReceived& received) {
                   spdlog::debug("received a message of {} bytes", received.bytes);
                 },
                 [](const client::ReceptionGivenUp& lost) {
                   spdlog::warn("gave up an incoming message: {} fragments ({} bytes) came, the rest did not",
                                lost.fragments, lost.bytes);
                 },
                 [](const client::Dropped& dropped) { log_drop(dropped.reason); },
                 [](const auto&) {},
             },
             event);
}

}  // namespace nym::cli
