#include "net/frame_meter.h"

#include <algorithm>

namespace nym::net {
namespace {

constexpr std::uint8_t kOpcodeMask = 0x0f;
constexpr std::uint8_t kTextOpcode = 0x01;
constexpr std::uint8_t kBinaryOpcode = 0x02;
constexpr std::uint8_t kControlBit = 0x08;
constexpr std::uint8_t kMaskBit = 0x80;
constexpr std::uint8_t kLengthMask = 0x7f;
constexpr std::uint8_t kTwoByteLength = 126;
constexpr std::uint8_t kEightByteLength = 127;

}  // namespace

std::size_t FrameMeter::header_length() const {
  if (header_size_ < 2) return 2;
  auto length = static_cast<std::uint8_t>(header_[1] & kLengthMask);
  std::size_t more = length == kTwoByteLength ? 2 : length == kEightByteLength ? 8 : 0;
  return 2 + more + ((header_[1] & kMaskBit) != 0 ? 4U : 0U);
}

std::optional<FrameMeter::Excess> FrameMeter::feed(ByteView bytes) {
  while (!bytes.empty()) {
    if (payload_left_ > 0) {
      auto skipped = static_cast<std::size_t>(std::min<std::uint64_t>(payload_left_, bytes.size()));
      payload_left_ -= skipped;
      bytes = bytes.subspan(skipped);
      continue;
    }
    header_[header_size_++] = bytes[0];
    bytes = bytes.subspan(1);
    if (header_size_ < header_length()) continue;
    if (auto excess = on_header()) return excess;
  }
  return std::nullopt;
}

std::optional<FrameMeter::Excess> FrameMeter::on_header() {
  header_size_ = 0;
  std::uint64_t length = header_[1] & kLengthMask;
  if (length == kTwoByteLength) length = load_be<std::uint16_t>(ByteView(header_).subspan<2, 2>());
  if (length == kEightByteLength) length = load_be<std::uint64_t>(ByteView(header_).subspan<2, 8>());
  payload_left_ = length;
  auto opcode = static_cast<std::uint8_t>(header_[0] & kOpcodeMask);
  if ((opcode & kControlBit) != 0) return std::nullopt;
  if (opcode == kTextOpcode || opcode == kBinaryOpcode) {
    message_ = {opcode == kTextOpcode ? Excess::Form::text : Excess::Form::binary, 0};
  }
  if (__builtin_add_overflow(message_.bytes, length, &message_.bytes)) message_.bytes = ~std::uint64_t{0};
  if (length <= frame_max_ && message_.bytes <= message_max_) return std::nullopt;
  return message_;
}

}  // namespace nym::net
