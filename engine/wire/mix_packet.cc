#include "engine/wire/mix_packet.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/wire/routing_address.h"

namespace nym::wire {
namespace {

constexpr std::size_t kShortHead = 1 + 7;  // of most nodes: with an IPv4 address
constexpr std::size_t kLongestHead = 1 + 19;

}  // namespace

Bytes encode_mix_packet_head(PacketType type, const Endpoint& next_hop) {
  Bytes head = {static_cast<std::uint8_t>(type)};
  append(head, encode_address(next_hop));
  return head;
}

Result<MixPacket> parse_mix_packet(const Blob& plaintext) {
  auto first = [&](std::size_t bytes) { return plaintext.slice(0, std::min(plaintext.size(), bytes)).to_bytes(); };
  Bytes head = first(kShortHead);
  if (head.empty()) return fail(WireError::too_short, "the request is too short");
  auto type = packet_type_from_byte(head[0]);
  if (!type) return fail(WireError::bad_packet_type, "provided packet mode is invalid");
  auto address = decode_address(ByteView(head).subspan(1));
  if (!address) address = decode_address(ByteView(head = first(kLongestHead)).subspan(1));
  if (!address) return fail(WireError::bad_address, "address field was incorrectly encoded");
  Blob packet = plaintext.slice(1 + address->length);
  auto size = packet_size_from_length(packet.size());
  if (!size) {
    return fail(WireError::bad_packet_size,
                fmt::format("received request had invalid size - received {}", packet.size()));
  }
  return MixPacket{*type, address->endpoint, *size, std::move(packet)};
}

}  // namespace nym::wire
