#include "engine/wire/framing.h"

#include <fmt/format.h>

namespace nym::wire {
namespace {

struct FrameHeader {
  PacketSize size;
  PacketType type;
  std::size_t length;
};

/// 02 §13: the first byte of a legacy header is the tag of a Sphinx size, any other value is a version.
bool starts_legacy_header(std::uint8_t first) {
  auto size = packet_size_from_tag(first);
  return size && !is_outfox(*size);
}

Result<std::optional<FrameHeader>> parse_header(ByteView bytes) {
  if (bytes.size() < 2) return std::nullopt;
  std::size_t version = starts_legacy_header(bytes[0]) ? 0 : 1;
  if (bytes.size() < version + 2) return std::nullopt;
  std::uint8_t tag = bytes[version];
  std::uint8_t type_byte = bytes[version + 1];
  auto size = packet_size_from_tag(tag);
  if (!size) return fail(WireError::bad_packet_size, fmt::format("frame with size tag {}", tag));
  auto type = packet_type_from_byte(type_byte);
  if (!type) return fail(WireError::bad_packet_type, fmt::format("frame with packet type {}", type_byte));
  return FrameHeader{*size, *type, version + 2};
}

}  // namespace

Bytes encode_frame_header(PacketSize size, PacketType type, FrameHeaderForm form) {
  Bytes header;
  if (form == FrameHeaderForm::versioned || type == PacketType::outfox) header.push_back(kFrameVersion);
  header.push_back(static_cast<std::uint8_t>(size));
  header.push_back(static_cast<std::uint8_t>(type));
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
  auto header = parse_header(rest);
  if (!header) {
    failed_ = true;
    return std::unexpected(std::move(header).error());
  }
  if (!*header) return std::nullopt;
  std::size_t body = packet_bytes((*header)->size);
  if (rest.size() < (*header)->length + body) return std::nullopt;
  consumed_ += (*header)->length + body;
  return MixFrame{(*header)->size, (*header)->type, Blob(to_bytes(rest.subspan((*header)->length, body)))};
}

}  // namespace nym::wire
