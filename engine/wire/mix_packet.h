#pragma once

#include "engine/base/blob.h"
#include "engine/base/endpoint.h"
#include "engine/base/generation.h"
#include "engine/wire/error.h"
#include "engine/wire/packet_size.h"

namespace nym::wire {

/// type[1] ‖ first hop[7 or 19] ‖ packet (02 §12), or with the key rotation behind the type (09 §9).
enum class MixPacketForm : std::uint8_t { v1, v2 };
/// That of the gateway protocol which was agreed on.
constexpr MixPacketForm mix_packet_form(std::uint8_t protocol) {
  constexpr std::uint8_t kFirstWithRotation = 5;
  return protocol < kFirstWithRotation ? MixPacketForm::v1 : MixPacketForm::v2;
}

/// What a client hands to its gateway.
struct MixPacket {
  PacketType type = PacketType::mix;
  Endpoint next_hop;
  PacketSize size = PacketSize::regular;
  Blob packet;
  KeyRotation rotation = KeyRotation::unknown;  ///< always so in form v1
};

/// Everything before the packet's bytes.
Bytes encode_mix_packet_head(PacketType type, const Endpoint& next_hop);
Bytes encode_mix_packet_head(PacketType type, KeyRotation rotation, const Endpoint& next_hop);
/// Errors: too_short (empty, or fewer than 3 bytes of form v2), bad_packet_type, bad_key_rotation, bad_address,
/// bad_packet_size, with the texts of 03 §4.4.
Result<MixPacket> parse_mix_packet(const Blob& plaintext, MixPacketForm form = MixPacketForm::v1);

}  // namespace nym::wire
