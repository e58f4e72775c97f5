#include <fmt/format.h>

#include "engine/app_api/codec.h"
#include "engine/app_api/utf8.h"

namespace nym::app_api {
namespace {

std::string_view short_escape(char c) {
  switch (c) {
    case '"':
      return "\\\"";
    case '\\':
      return "\\\\";
    case '\b':
      return "\\b";
    case '\f':
      return "\\f";
    case '\n':
      return "\\n";
    case '\r':
      return "\\r";
    case '\t':
      return "\\t";
    default:
      return {};
  }
}

struct Emitter {
  std::string operator()(const Received& response) const {
    return fmt::format(R"({{"type":"received","message":{},"senderTag":{}}})",
                       json_string(to_lossy_text(response.data.stored())),
                       response.sender ? json_string(response.sender->to_string()) : "null");
  }
  std::string operator()(const OwnAddress& response) const {
    return fmt::format(R"({{"type":"selfAddress","address":{}}})", json_string(response.address.to_string()));
  }
  std::string operator()(const LaneQueueLength& response) const {
    return fmt::format(R"({{"type":"laneQueueLength","lane":{},"queue_length":{}}})", response.lane.value,
                       response.length);
  }
  std::string operator()(const RequestError& response) const {
    std::string message = fmt::format("{}:{}", text_of(response.kind), to_lossy_text(as_bytes(response.detail)));
    return fmt::format(R"({{"type":"error","message":{}}})", json_string(message));
  }
  std::string operator()(const Subscribed& response) const {
    std::string events = response.events.delivery ? R"("delivery")" : "";
    if (response.events.gateway) events += events.empty() ? R"("gateway")" : R"(,"gateway")";
    return fmt::format(R"({{"type":"subscribed","events":[{}]}})", events);
  }
  std::string operator()(const Status& response) const {
    return fmt::format(R"({{"type":"status","address":{},"gateway":{},"apps":{},"keptMessages":{},"queuedPackets":{},)"
                       R"("openMessages":{},"maxMessage":{},"maxReplySurbs":{}}})",
                       json_string(response.address.to_string()), json_string(text_of(response.gateway)), response.apps,
                       response.kept_messages, response.queued_packets, response.open_messages, response.max_message,
                       response.max_reply_surbs);
  }
  std::string operator()(const DeliveryEvent& response) const {
    return fmt::format(R"({{"type":"delivery","messageId":{},"outcome":{},"why":{}}})",
                       json_string(to_lossy_text(as_bytes(response.message_id))),
                       json_string(text_of(response.outcome)), json_string(to_lossy_text(as_bytes(response.why))));
  }
  std::string operator()(const GatewayEvent& response) const {
    return fmt::format(R"({{"type":"gateway","state":{},"why":{}}})", json_string(text_of(response.state)),
                       json_string(to_lossy_text(as_bytes(response.why))));
  }
};

}  // namespace

// 05 §6: nothing above ASCII is escaped, nor `/` and 0x7f.
std::string json_string(std::string_view text) {
  std::string out = "\"";
  out.reserve(text.size() + 2);
  for (char c : text) {
    auto escape = short_escape(c);
    if (!escape.empty()) {
      out += escape;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      out += fmt::format("\\u{:04x}", static_cast<unsigned>(static_cast<unsigned char>(c)));
    } else {
      out.push_back(c);
    }
  }
  out.push_back('"');
  return out;
}

std::string_view text_of(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::empty_request:
      return "received request contained no data";
    case ErrorKind::too_short_request:
      return "received request did not contain enough data";
    case ErrorKind::unknown_request:
      return "unknown request type";
    case ErrorKind::malformed_request:
      return "malformed request";
    case ErrorKind::empty_response:
      return "received response contained no data";
    case ErrorKind::too_short_response:
      return "received response did not contain enough data";
    case ErrorKind::unknown_response:
      return "unknown response type";
    case ErrorKind::malformed_response:
      return "malformed response";
    case ErrorKind::other:
      break;
  }
  return "other";
}

std::string_view text_of(LinkState state) {
  switch (state) {
    case LinkState::connecting:
      return "connecting";
    case LinkState::ready:
      return "ready";
    case LinkState::waiting:
      break;
  }
  return "waiting";
}

std::string_view text_of(DeliveryOutcome outcome) {
  switch (outcome) {
    case DeliveryOutcome::acknowledged:
      return "acknowledged";
    case DeliveryOutcome::failed:
      return "failed";
    case DeliveryOutcome::cancelled:
      break;
  }
  return "cancelled";
}

std::string to_text(const Response& response) {
  return std::visit(Emitter{}, response);
}

}  // namespace nym::app_api
