#pragma once

#include <optional>
#include <string>
#include <variant>

#include "engine/base/bytes.h"
#include "engine/base/strong_id.h"
#include "engine/wire/recipient.h"
#include "engine/wire/sender_tag.h"

namespace nym::app_api {

/// A connection id given by an application: names a lane (05 §4.3).
using LaneId = StrongId<struct LaneTag, std::uint64_t>;

/// The form of a websocket message; answers have the form of their request, pushes that of the last data message.
enum class Format : std::uint8_t { text, binary };

// What an application can ask for (05 §5, §6b).
struct Send {
  wire::Recipient recipient;
  Bytes data;
  std::optional<LaneId> lane;
  friend bool operator==(const Send&, const Send&) = default;
};
struct SendAnonymous {
  wire::Recipient recipient;
  Bytes data;
  std::uint32_t reply_surbs = 0;
  std::optional<LaneId> lane;
  friend bool operator==(const SendAnonymous&, const SendAnonymous&) = default;
};
struct Reply {
  wire::SenderTag to;
  Bytes data;
  std::optional<LaneId> lane;
  friend bool operator==(const Reply&, const Reply&) = default;
};
struct SelfAddress {
  friend bool operator==(const SelfAddress&, const SelfAddress&) = default;
};
struct ClosedConnection {
  LaneId lane;
  friend bool operator==(const ClosedConnection&, const ClosedConnection&) = default;
};
struct GetLaneQueueLength {
  LaneId lane;
  friend bool operator==(const GetLaneQueueLength&, const GetLaneQueueLength&) = default;
};

// Our additions (docs/api.md): nothing of them is said to an application that does not ask.
/// Pushes beside received messages.
struct EventKinds {
  bool delivery = false;  ///< what became of messages with a message id
  bool gateway = false;   ///< the connection to the gateway came or went
  friend bool operator==(const EventKinds&, const EventKinds&) = default;
};
/// Replaces what was asked for before.
struct Subscribe {
  EventKinds events;
  friend bool operator==(const Subscribe&, const Subscribe&) = default;
};
struct GetStatus {
  friend bool operator==(const GetStatus&, const GetStatus&) = default;
};
using Request =
    std::variant<Send, SendAnonymous, Reply, SelfAddress, ClosedConnection, GetLaneQueueLength, Subscribe, GetStatus>;

/// A request and the name its application gives to the message in it, for delivery events.
struct AppRequest {
  /// Bytes of a message id; none is empty.
  static constexpr std::size_t kMaxMessageId = 64;
  Request request;
  std::optional<std::string> message_id{};
  friend bool operator==(const AppRequest&, const AppRequest&) = default;
};

}  // namespace nym::app_api
