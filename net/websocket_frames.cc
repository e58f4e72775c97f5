#include "net/websocket_frames.h"

namespace nym::net {
namespace {

constexpr std::uint8_t kFinal = 0x80;
constexpr std::uint8_t kMasked = 0x80;
constexpr std::uint8_t kTextOpcode = 1;
constexpr std::uint8_t kBinaryOpcode = 2;
constexpr std::size_t kMaxShort = 125;
constexpr std::uint8_t kLengthIn16Bits = 126;
constexpr std::uint8_t kLengthIn64Bits = 127;

void append_length(Bytes& out, std::uint64_t length, std::uint8_t masked) {
  if (length <= kMaxShort) return out.push_back(static_cast<std::uint8_t>(masked | length));
  bool is_long = length > 0xffff;
  out.push_back(masked | (is_long ? kLengthIn64Bits : kLengthIn16Bits));
  for (int shift = is_long ? 56 : 8; shift >= 0; shift -= 8) {
    out.push_back(static_cast<std::uint8_t>(length >> static_cast<unsigned>(shift)));
  }
}

}  // namespace

void append_frame(Bytes& out, WebSocketForm form, ByteView payload, const std::optional<FrameMask>& mask) {
  out.push_back(kFinal | (form == WebSocketForm::text ? kTextOpcode : kBinaryOpcode));
  append_length(out, payload.size(), mask ? kMasked : 0);
  if (mask) out.insert(out.end(), mask->begin(), mask->end());
  auto begin = out.size();
  out.insert(out.end(), payload.begin(), payload.end());
  if (!mask) return;
  for (std::size_t i = 0; i < payload.size(); ++i) out[begin + i] ^= (*mask)[i % mask->size()];
}

}  // namespace nym::net
