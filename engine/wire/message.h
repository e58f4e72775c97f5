#pragma once

#include <variant>
#include <vector>

#include "engine/base/blob.h"
#include "engine/wire/recipient.h"
#include "engine/wire/sender_tag.h"

namespace nym::wire {

/// A reply SURB as carried: 1164 bytes whose content the Sphinx layer judges when it is used (02 §4.5).
inline constexpr std::size_t kReplySurbBytes = 1164;
using ReplySurbBytes = ByteArray<kReplySurbBytes>;

// The message kinds of 02 §4, serialised as type[1] ‖ body.
struct PlainMessage {
  Blob data;
  friend bool operator==(const PlainMessage&, const PlainMessage&) = default;
};

enum class RepliableKind : std::uint8_t { data = 0, additional_surbs = 1, heartbeat = 2 };
struct RepliableMessage {
  SenderTag sender;
  RepliableKind kind = RepliableKind::data;
  std::vector<ReplySurbBytes> surbs;
  Blob data;  ///< only with kind data; the other kinds carry none
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
/// Errors: too_short, bad_message_type, bad_content_tag, bad_surb, bad_recipient.
/// The message's data shares the storage of `bytes`.
Result<Message> parse_message(const Blob& bytes);

/// Bytes that `serialise` will give.
std::size_t serialised_size(const Message& message);

}  // namespace nym::wire
