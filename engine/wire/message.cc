#include "engine/wire/message.h"

#include <fmt/format.h>

#include "engine/base/check.h"

namespace nym::wire {
namespace {

enum class MessageType : std::uint8_t { plain = 0, repliable = 1, reply = 2 };
enum class ReplyKind : std::uint8_t { data = 0, surb_request = 1 };

constexpr std::size_t kBeforeSurbs = 4;         // in both forms
constexpr std::uint8_t kKinds = 3;              // tags 0 to 2 are those of form v1, 3 to 5 of form v2
constexpr std::size_t kMostSurbs = UINT16_MAX;  // in form v2
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

// None in form v2 without SURBs (09 §6.2).
std::size_t hops_of(const RepliableMessage& message) {
  if (message.surbs.empty()) return 0;
  return (message.surbs.front().size() - seed_surb_bytes(0)) / (seed_surb_bytes(1) - seed_surb_bytes(0));
}

std::size_t surb_size(const RepliableMessage& message) {
  return message.form == SurbForm::v1 ? kReplySurbBytes : seed_surb_bytes(hops_of(message));
}

void write_surb_head(ByteWriter& writer, const RepliableMessage& message) {
  auto kind = byte_of(message.kind);
  if (message.form == SurbForm::v1) {
    writer.put_be(kind).put_be(static_cast<std::uint32_t>(message.surbs.size()));
    return;
  }
  NYM_CHECK(message.surbs.size() <= kMostSurbs && hops_of(message) <= kMostSurbHops);
  auto rotation = message.surbs.empty() ? KeyRotation::unknown : message.rotation;
  writer.put_be(static_cast<std::uint8_t>(kind + kKinds)).put_be(static_cast<std::uint16_t>(message.surbs.size()));
  writer.put_be(static_cast<std::uint8_t>(hops_of(message))).put_be(byte_of(rotation));
}

void write(ByteWriter& writer, const RepliableMessage& message) {
  writer.put_be(byte_of(MessageType::repliable)).put(message.sender.bytes);
  write_surb_head(writer, message);
  for (const auto& surb : message.surbs) {
    NYM_CHECK(surb.size() == surb_size(message));
    writer.put(surb);
  }
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
  std::size_t head = 1 + SenderTag::kSize + 1 + kBeforeSurbs;
  std::size_t data = message.kind == RepliableKind::data ? message.data.size() : 0;
  return head + message.surbs.size() * surb_size(message) + data;
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

/// What stands before the SURBs of a container.
struct SurbHead {
  SurbForm form = SurbForm::v1;
  std::size_t count = 0;
  std::size_t hops = 4;  ///< of each
  KeyRotation rotation = KeyRotation::unknown;

  std::size_t surb_size() const { return form == SurbForm::v1 ? kReplySurbBytes : seed_surb_bytes(hops); }
};

Result<SurbHead> parse_seed_surb_head(ByteReader& reader) {
  auto count = reader.take_be<std::uint16_t>();
  auto hops = reader.take_be<std::uint8_t>();
  auto rotation_byte = reader.take_be<std::uint8_t>();
  if (!count || !hops || !rotation_byte) return too_short();
  auto rotation = key_rotation_from_byte(*rotation_byte);
  if (!rotation) {
    return fail(WireError::bad_key_rotation, fmt::format("reply surbs for the key rotation {}", *rotation_byte));
  }
  return SurbHead{SurbForm::v2, *count, *hops, *rotation};
}

Result<SurbHead> parse_surb_head(ByteReader& reader, SurbForm form) {
  if (form == SurbForm::v2) return parse_seed_surb_head(reader);
  auto count = reader.take_be<std::uint32_t>();
  if (!count) return too_short();
  return SurbHead{.count = *count};
}

Result<std::vector<ReplySurbBytes>> parse_surbs(ByteReader& reader, const SurbHead& head, Generation generation) {
  std::size_t size = head.surb_size();
  // The announced number decides over memory only once the bytes are seen to be there.
  if (reader.remaining() / size < head.count) return too_short();
  if (head.count > 0 && (head.hops == 0 || head.hops > kMostSurbHops)) {
    return fail(WireError::bad_surb, fmt::format("reply surbs of {} hops", head.hops));
  }
  bool checked = head.form == SurbForm::v2 || generation == Generation::y2026;
  std::vector<ReplySurbBytes> surbs;
  surbs.reserve(head.count);
  for (std::size_t i = 0; i < head.count; ++i) {
    ByteView surb = *reader.take(size);
    if (checked) NYM_TRY_VOID(check_first_hop(surb));
    surbs.push_back(to_bytes(surb));
  }
  return surbs;
}

Result<Message> parse_repliable(const Blob& bytes, ByteReader reader, Generation generation) {
  auto tag = reader.take_array<SenderTag::kSize>();
  auto content = reader.take_be<std::uint8_t>();
  if (!tag || !content) return too_short();
  if (*content >= 2 * kKinds) {
    return fail(WireError::bad_content_tag, fmt::format("repliable message of unknown content {}", *content));
  }
  RepliableMessage message;
  message.sender = SenderTag{*tag};
  message.kind = static_cast<RepliableKind>(*content % kKinds);
  message.form = *content < kKinds ? SurbForm::v1 : SurbForm::v2;
  NYM_TRY(SurbHead head, parse_surb_head(reader, message.form));
  NYM_TRY(message.surbs, parse_surbs(reader, head, generation));
  if (head.count > 0) message.rotation = head.rotation;
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

Result<Message> parse_message(const Blob& bytes, Generation generation) {
  if (bytes.stored().size() < bytes.size()) return parse_message(Blob(bytes.to_bytes()), generation);
  ByteReader reader(bytes.stored());
  auto type = reader.take_be<std::uint8_t>();
  if (!type) return fail(WireError::too_short, "empty message");
  if (*type == byte_of(MessageType::plain)) return PlainMessage{rest_of(bytes, reader)};
  if (*type == byte_of(MessageType::repliable)) return parse_repliable(bytes, reader, generation);
  if (*type == byte_of(MessageType::reply)) return parse_reply(bytes, reader);
  return fail(WireError::bad_message_type, fmt::format("message of unknown type {}", *type));
}

}  // namespace nym::wire
