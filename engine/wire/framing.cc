#include "engine/wire/framing.h"

#include <fmt/format.h>

namespace nym::wire {
namespace {

struct FrameHeader {
  PacketSize size;
  PacketType type;
  std::size_t length;
  KeyRotation rotation = KeyRotation::unknown;
};

// Where in a header size and type stand, and how long it is.
struct HeaderLayout {
  std::size_t size_at;
  std::size_t length;
};
constexpr HeaderLayout kLegacy{.size_at = 0, .length = 2};
constexpr HeaderLayout kVersioned{.size_at = 1, .length = 3};
constexpr HeaderLayout kWithRotation{.size_at = 1, .length = 4};

/// 02 §13: the first byte of a legacy header is the tag of a Sphinx size, any other value is a version.
bool starts_legacy_header(std::uint8_t first) {
  auto size = packet_size_from_tag(first);
  return size && !is_outfox(*size);
}

Result<std::optional<HeaderLayout>> layout_of(ByteView bytes, FrameReading reading) {
  if (bytes.empty()) return std::nullopt;
  std::uint8_t version = bytes[0];
  if (reading != FrameReading::y2026 && starts_legacy_header(version)) return kLegacy;
  if (reading == FrameReading::y2023) return kVersioned;
  if (bytes.size() < kVersioned.length) return std::nullopt;  // only now a version is looked at (09 §10)
  if (version == kFrameVersion) return kVersioned;
  if (version == kRotationFrameVersion) return kWithRotation;
  return fail(WireError::bad_frame_version, fmt::format("frame of version {}", version));
}

Result<std::optional<FrameHeader>> parse_header(ByteView bytes, FrameReading reading) {
  NYM_TRY(auto layout, layout_of(bytes, reading));
  if (!layout || bytes.size() < layout->length) return std::nullopt;
  auto rotation = KeyRotation::unknown;
  if (layout->length == kWithRotation.length) {
    auto known = key_rotation_from_byte(bytes[kWithRotation.length - 1]);
    if (!known) return fail(WireError::bad_key_rotation, fmt::format("frame with key rotation {}", bytes[3]));
    rotation = *known;
  }
  std::uint8_t tag = bytes[layout->size_at];
  std::uint8_t type_byte = bytes[layout->size_at + 1];
  auto size = packet_size_from_tag(tag);
  if (!size) return fail(WireError::bad_packet_size, fmt::format("frame with size tag {}", tag));
  auto type = packet_type_from_byte(type_byte);
  if (!type) return fail(WireError::bad_packet_type, fmt::format("frame with packet type {}", type_byte));
  return FrameHeader{*size, *type, layout->length, rotation};
}

}  // namespace

Bytes encode_frame_header(PacketSize size, PacketType type, FrameHeaderForm form, KeyRotation rotation) {
  Bytes header;
  bool with_rotation = form == FrameHeaderForm::with_rotation;
  if (with_rotation) {
    header.push_back(kRotationFrameVersion);
  } else if (form == FrameHeaderForm::versioned || type == PacketType::outfox) {
    header.push_back(kFrameVersion);
  }
  header.push_back(static_cast<std::uint8_t>(size));
  header.push_back(static_cast<std::uint8_t>(type));
  if (with_rotation) header.push_back(static_cast<std::uint8_t>(rotation));
  return header;
}

void FrameDecoder::feed(ByteView bytes) {
  if (failed_) return;
  buffer_.erase(buffer_.begin(), buffer_.begin() + static_cast<std::ptrdiff_t>(consumed_));
  consumed_ = 0;
  append(buffer_, bytes);
}

Result<std::optional<MixFrame>> FrameDecoder::next() {
  if (failed_) return std::nullopt;
  ByteView rest = ByteView(buffer_).subspan(consumed_);
  auto header = parse_header(rest, reading_);
  if (!header) {
    failed_ = true;
    return std::unexpected(std::move(header).error());
  }
  if (!*header) return std::nullopt;
  std::size_t body = packet_bytes((*header)->size);
  if (rest.size() < (*header)->length + body) return std::nullopt;
  consumed_ += (*header)->length + body;
  Blob packet(to_bytes(rest.subspan((*header)->length, body)));
  return MixFrame{(*header)->size, (*header)->type, std::move(packet), (*header)->rotation};
}

}  // namespace nym::wire
