#pragma once

#include <variant>
#include <vector>

#include "engine/base/blob.h"
#include "engine/wire/recipient.h"
#include "engine/wire/reply_surb.h"
#include "engine/wire/sender_tag.h"

namespace nym::wire {

// The message kinds of 02 §4, serialised as type[1] ‖ body.
struct PlainMessage {
  Blob data;
  friend bool operator==(const PlainMessage&, const PlainMessage&) = default;
};

enum class RepliableKind : std::uint8_t { data = 0, additional_surbs = 1, heartbeat = 2 };
/// Its form is that of its SURBs: all have 1164 bytes (v1), or all the same of 412 to 476 (v2); at most 65535 of the
/// latter (checked when it is serialised).
struct RepliableMessage {
  SenderTag sender;
  RepliableKind kind = RepliableKind::data;
  std::vector<ReplySurbBytes> surbs;
  Blob data;  ///< only with kind data; the other kinds carry none
  SurbForm form = SurbForm::v1;
  KeyRotation rotation = KeyRotation::unknown;  ///< of the keys its SURBs were made for; v1 does not carry it
  friend bool operator==(const RepliableMessage&, const RepliableMessage&) = default;
};

struct ReplyMessage {
  Blob data;  ///< a receiver refuses an empty one
  friend bool operator==(const ReplyMessage&, const ReplyMessage&) = default;
};
struct SurbRequest {
  Recipient recipient;  ///< who asks
  std::uint32_t amount = 0;
  friend bool operator==(const SurbRequest&, const SurbRequest&) = default;
};

using Message = std::variant<PlainMessage, RepliableMessage, ReplyMessage, SurbRequest>;

Bytes serialise(const Message& message);
/// SURBs of both forms are read in both generations; the later one also refuses a SURB of form v1 whose first hop is no
/// address, which v1.1.29 finds out when it is used (09 §6.1).
/// Errors: too_short, bad_message_type, bad_content_tag, bad_key_rotation, bad_surb, bad_recipient.
/// The message's data shares the storage of `bytes`.
Result<Message> parse_message(const Blob& bytes, Generation generation = Generation::y2023);

/// Bytes that `serialise` will give.
std::size_t serialised_size(const Message& message);

}  // namespace nym::wire
