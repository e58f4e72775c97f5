#pragma once

#include <optional>
#include <string>
#include <variant>

#include "engine/app_api/request.h"
#include "engine/base/blob.h"

namespace nym::app_api {

/// Codes of 05 §7.1; the upper half is for client libraries.
enum class ErrorKind : std::uint8_t {
  empty_request = 0x01,
  too_short_request = 0x02,
  unknown_request = 0x03,
  malformed_request = 0x04,
  empty_response = 0x80,
  too_short_response = 0x81,
  unknown_response = 0x82,
  malformed_response = 0x83,
  other = 0xff,
};
/// `malformed request`, ... as text errors begin.
std::string_view text_of(ErrorKind kind);

// What an application gets (05 §6, §6c).
struct Received {
  Blob data;
  std::optional<wire::SenderTag> sender;
  friend bool operator==(const Received&, const Received&) = default;
};
struct OwnAddress {
  wire::Recipient address;
  friend bool operator==(const OwnAddress&, const OwnAddress&) = default;
};
struct LaneQueueLength {
  LaneId lane;
  std::uint64_t length = 0;
  friend bool operator==(const LaneQueueLength&, const LaneQueueLength&) = default;
};
struct RequestError {
  ErrorKind kind = ErrorKind::other;
  std::string detail;
  friend bool operator==(const RequestError&, const RequestError&) = default;
};

// Our additions (docs/api.md).
struct Subscribed {
  EventKinds events;
  friend bool operator==(const Subscribed&, const Subscribed&) = default;
};
enum class LinkState : std::uint8_t { connecting = 0, ready = 1, waiting = 2 };
std::string_view text_of(LinkState state);
struct Status {
  wire::Recipient address;
  LinkState gateway = LinkState::connecting;
  std::uint64_t apps = 0;
  std::uint64_t kept_messages = 0;   ///< received and not yet handed to an application
  std::uint64_t queued_packets = 0;  ///< of all lanes
  std::uint64_t open_messages = 0;   ///< accepted and without an outcome
  std::uint64_t max_message = 0;     ///< bytes of one request
  std::uint64_t max_reply_surbs = 0;
  friend bool operator==(const Status&, const Status&) = default;
};
enum class DeliveryOutcome : std::uint8_t { acknowledged = 0, failed = 1, cancelled = 2 };
std::string_view text_of(DeliveryOutcome outcome);
struct DeliveryEvent {
  std::string message_id;
  DeliveryOutcome outcome{};
  std::string why;  ///< empty when acknowledged
  friend bool operator==(const DeliveryEvent&, const DeliveryEvent&) = default;
};
struct GatewayEvent {
  LinkState state{};
  std::string why;
  friend bool operator==(const GatewayEvent&, const GatewayEvent&) = default;
};
using Response =
    std::variant<Received, OwnAddress, LaneQueueLength, RequestError, Subscribed, Status, DeliveryEvent, GatewayEvent>;

}  // namespace nym::app_api
