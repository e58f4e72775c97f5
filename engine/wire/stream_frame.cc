#include "engine/wire/stream_frame.h"

#include <fmt/format.h>

#include <bit>

namespace nym::wire {
namespace {

constexpr std::size_t kHead = 16;
constexpr std::uint16_t kStreamKind = 3;
constexpr std::uint8_t kUnused = 0;  // written, and not looked at

}  // namespace

Bytes encode_stream_frame(const StreamFrame& frame) {
  return ByteWriter(kHead + frame.payload.size())
      .put_be(std::byteswap(kStreamKind))
      .put_be(frame.stream)
      .put_be(static_cast<std::uint8_t>(frame.message))
      .put_be(frame.sequence)
      .put_be(kUnused)
      .put(frame.payload)
      .finish();
}

Result<std::variant<StreamFrame, OtherFrame>> parse_stream_frame(ByteView bytes) {
  if (bytes.size() < kHead) return fail(WireError::too_short, fmt::format("stream frame of {} bytes", bytes.size()));
  auto kind = std::byteswap(load_be<std::uint16_t>(bytes.first<2>()));
  if (kind > kStreamKind) return fail(WireError::bad_message_type, fmt::format("frame of unknown kind {}", kind));
  if (kind < kStreamKind) return static_cast<OtherFrame>(kind);
  auto message = bytes[10];
  if (message > static_cast<std::uint8_t>(StreamMessage::data)) {
    return fail(WireError::bad_message_type, fmt::format("stream frame with message {}", message));
  }
  return StreamFrame{.stream = load_be<std::uint64_t>(bytes.subspan<2, 8>()),
                     .message = static_cast<StreamMessage>(message),
                     .sequence = load_be<std::uint32_t>(bytes.subspan<11, 4>()),
                     .payload = to_bytes(bytes.subspan(kHead))};
}

}  // namespace nym::wire
