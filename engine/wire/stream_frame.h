#pragma once

#include <variant>

#include "engine/base/bytes.h"
#include "engine/wire/error.h"

namespace nym::wire {

enum class StreamMessage : std::uint8_t { open = 0, data = 1 };

/// How the later generation's SDK cuts a byte stream into messages (09 §14): the data of an ordinary message is a
/// 16-byte head, then the payload. No layer of ours looks into them; applications may.
struct StreamFrame {
  std::uint64_t stream = 0;
  StreamMessage message = StreamMessage::data;
  std::uint32_t sequence = 0;
  Bytes payload;
  friend bool operator==(const StreamFrame&, const StreamFrame&) = default;
};
/// Kinds that share the head: nothing further is read of those that are no streams.
enum class OtherFrame : std::uint8_t { opaque = 0, registration = 1, forward = 2 };

Bytes encode_stream_frame(const StreamFrame& frame);
/// Errors: too_short (fewer than 16 bytes), bad_message_type (of an unknown kind, or a stream's unknown message).
Result<std::variant<StreamFrame, OtherFrame>> parse_stream_frame(ByteView bytes);

}  // namespace nym::wire
