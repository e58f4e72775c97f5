#pragma once

#include "engine/app_api/json_scanner.h"
#include "engine/app_api/request.h"

namespace nym::app_api {

/// A request as its JSON says it: every value there is of the right type, none is interpreted.
struct TextRequest {
  enum class Kind : std::uint8_t {
    send,
    send_anonymous,
    reply,
    self_address,
    closed_connection,
    get_lane_queue_length,
    subscribe,
    status,
    get_clients
  };
  Kind kind{};
  std::optional<std::string> message;
  std::optional<std::string> recipient;
  std::optional<std::string> sender_tag;
  std::uint32_t reply_surbs = 0;
  std::optional<LaneId> lane;
  EventKinds events;
  std::optional<bool> with_reply_surb;  ///< of the first generation (05 §9.3)
  std::optional<JsonValue> message_id;  ///< of any type
};

/// What is understood: v1.1.29 alone; that and what 05 §9.5 adds, and our additions; v0.7.0 alone (05 §9.2).
enum class Grammar : std::uint8_t { strict, extended, v0_7 };

/// Fails with the texts and positions of 05 §7.2. What `extended` does not understand fails as in `strict`. In `strict`
/// and `extended` all fields of the kind are there afterwards. Total over any bytes.
Scan<TextRequest> scan_text_request(std::string_view text, Grammar grammar);

}  // namespace nym::app_api
