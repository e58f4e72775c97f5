#include "engine/wire/mix_packet.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/wire/routing_address.h"

namespace nym::wire {
namespace {

constexpr std::size_t kShortAddress = 7;  // of most nodes: IPv4
constexpr std::size_t kLongestAddress = 19;

std::size_t bytes_before_address(MixPacketForm form) {
  return form == MixPacketForm::v1 ? 1 : 2;
}

Result<KeyRotation> rotation_in(ByteView head, MixPacketForm form) {
  if (form == MixPacketForm::v1) return KeyRotation::unknown;
  auto rotation = key_rotation_from_byte(head[1]);
  if (!rotation) return fail(WireError::bad_key_rotation, "provided key rotation is invalid");
  return *rotation;
}

}  // namespace

Bytes encode_mix_packet_head(PacketType type, const Endpoint& next_hop) {
  Bytes head = {static_cast<std::uint8_t>(type)};
  append(head, encode_address(next_hop));
  return head;
}

Bytes encode_mix_packet_head(PacketType type, KeyRotation rotation, const Endpoint& next_hop) {
  Bytes head = {static_cast<std::uint8_t>(type), static_cast<std::uint8_t>(rotation)};
  append(head, encode_address(next_hop));
  return head;
}

Result<MixPacket> parse_mix_packet(const Blob& plaintext, MixPacketForm form) {
  auto first = [&](std::size_t bytes) { return plaintext.slice(0, std::min(plaintext.size(), bytes)).to_bytes(); };
  std::size_t before = bytes_before_address(form);
  Bytes head = first(before + kShortAddress);
  if (head.empty() || (form == MixPacketForm::v2 && head.size() <= before)) {
    return fail(WireError::too_short, "the request is too short");
  }
  auto type = packet_type_from_byte(head[0]);
  if (!type) return fail(WireError::bad_packet_type, "provided packet mode is invalid");
  NYM_TRY(auto rotation, rotation_in(head, form));
  auto address = decode_address(ByteView(head).subspan(before));
  if (!address) address = decode_address(ByteView(head = first(before + kLongestAddress)).subspan(before));
  if (!address) return fail(WireError::bad_address, "address field was incorrectly encoded");
  Blob packet = plaintext.slice(before + address->length);
  auto size = packet_size_from_length(packet.size());
  if (!size) {
    return fail(WireError::bad_packet_size,
                fmt::format("received request had invalid size - received {}", packet.size()));
  }
  return MixPacket{*type, address->endpoint, *size, std::move(packet), rotation};
}

}  // namespace nym::wire
