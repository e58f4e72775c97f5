#include "engine/wire/message.h"

#include <fmt/format.h>

namespace nym::wire {
namespace {

enum class MessageType : std::uint8_t { plain = 0, repliable = 1, reply = 2 };
enum class ReplyKind : std::uint8_t { data = 0, surb_request = 1 };

constexpr std::size_t kSurbCount = 4;
constexpr std::size_t kRequestContent = Recipient::kSize + 4;

template <class Enum>
std::uint8_t byte_of(Enum value) {
  return static_cast<std::uint8_t>(value);
}

std::unexpected<Error> too_short() {
  return fail(WireError::too_short, "message too short for what it announces");
}

void write_data(ByteWriter& writer, const Blob& data) {
  auto stored = data.stored();
  writer.put(stored).put_zeros(data.size() - stored.size());
}

void write(ByteWriter& writer, const PlainMessage& message) {
  writer.put_be(byte_of(MessageType::plain));
  write_data(writer, message.data);
}

void write(ByteWriter& writer, const RepliableMessage& message) {
  writer.put_be(byte_of(MessageType::repliable)).put(message.sender.bytes).put_be(byte_of(message.kind));
  writer.put_be(static_cast<std::uint32_t>(message.surbs.size()));
  for (const auto& surb : message.surbs) writer.put(surb);
  if (message.kind == RepliableKind::data) write_data(writer, message.data);
}

void write(ByteWriter& writer, const ReplyMessage& message) {
  writer.put_be(byte_of(MessageType::reply)).put_be(byte_of(ReplyKind::data));
  write_data(writer, message.data);
}

void write(ByteWriter& writer, const SurbRequest& message) {
  writer.put_be(byte_of(MessageType::reply)).put_be(byte_of(ReplyKind::surb_request));
  writer.put(message.recipient.to_bytes()).put_be(message.amount);
}

std::size_t size_of(const PlainMessage& message) {
  return 1 + message.data.size();
}
std::size_t size_of(const RepliableMessage& message) {
  std::size_t head = 1 + SenderTag::kSize + 1 + kSurbCount;
  std::size_t data = message.kind == RepliableKind::data ? message.data.size() : 0;
  return head + message.surbs.size() * kReplySurbBytes + data;
}
std::size_t size_of(const ReplyMessage& message) {
  return 2 + message.data.size();
}
std::size_t size_of(const SurbRequest&) {
  return 2 + kRequestContent;
}

/// What the reader has not taken yet, without copying it.
Blob rest_of(const Blob& bytes, const ByteReader& reader) {
  return bytes.slice(bytes.size() - reader.remaining());
}

Result<Message> parse_repliable(const Blob& bytes, ByteReader reader) {
  auto tag = reader.take_array<SenderTag::kSize>();
  auto kind = reader.take_be<std::uint8_t>();
  if (!tag || !kind) return too_short();
  if (*kind > byte_of(RepliableKind::heartbeat)) {
    return fail(WireError::bad_content_tag, fmt::format("repliable message of unknown content {}", *kind));
  }
  auto count = reader.take_be<std::uint32_t>();
  // The announced number decides over memory only once the bytes are seen to be there.
  if (!count || reader.remaining() / kReplySurbBytes < *count) return too_short();

  RepliableMessage message{SenderTag{*tag}, static_cast<RepliableKind>(*kind), {}, {}};
  message.surbs.reserve(*count);
  for (std::uint32_t i = 0; i < *count; ++i) message.surbs.push_back(*reader.take_array<kReplySurbBytes>());
  if (message.kind == RepliableKind::data) message.data = rest_of(bytes, reader);
  return message;
}

Result<Message> parse_surb_request(ByteView content) {
  if (content.size() != kRequestContent) return too_short();
  NYM_TRY(auto recipient, Recipient::from_bytes(content.first<Recipient::kSize>()));
  return SurbRequest{recipient, load_be<std::uint32_t>(content.last<4>())};
}

Result<Message> parse_reply(const Blob& bytes, ByteReader reader) {
  auto kind = reader.take_be<std::uint8_t>();
  if (!kind) return too_short();
  if (*kind > byte_of(ReplyKind::surb_request)) {
    return fail(WireError::bad_content_tag, fmt::format("reply of unknown content {}", *kind));
  }
  if (reader.remaining() == 0) return too_short();
  if (*kind == byte_of(ReplyKind::surb_request)) return parse_surb_request(reader.rest());
  return ReplyMessage{rest_of(bytes, reader)};
}

}  // namespace

Bytes serialise(const Message& message) {
  ByteWriter writer(serialised_size(message));
  std::visit([&](const auto& kind) { write(writer, kind); }, message);
  return std::move(writer).finish();
}

std::size_t serialised_size(const Message& message) {
  return std::visit([](const auto& kind) { return size_of(kind); }, message);
}

Result<Message> parse_message(const Blob& bytes) {
  if (bytes.stored().size() < bytes.size()) return parse_message(Blob(bytes.to_bytes()));
  ByteReader reader(bytes.stored());
  auto type = reader.take_be<std::uint8_t>();
  if (!type) return fail(WireError::too_short, "empty message");
  if (*type == byte_of(MessageType::plain)) return PlainMessage{rest_of(bytes, reader)};
  if (*type == byte_of(MessageType::repliable)) return parse_repliable(bytes, reader);
  if (*type == byte_of(MessageType::reply)) return parse_reply(bytes, reader);
  return fail(WireError::bad_message_type, fmt::format("message of unknown type {}", *type));
}

}  // namespace nym::wire
