#pragma once

#include "engine/base/blob.h"
#include "engine/base/endpoint.h"
#include "engine/wire/error.h"
#include "engine/wire/packet_size.h"

namespace nym::wire {

/// What a client hands to its gateway (02 §12): type[1] ‖ first hop[7 or 19] ‖ packet.
struct MixPacket {
  PacketType type = PacketType::mix;
  Endpoint next_hop;
  PacketSize size = PacketSize::regular;
  Blob packet;
};

/// Everything before the packet's bytes.
Bytes encode_mix_packet_head(PacketType type, const Endpoint& next_hop);
/// Errors: too_short (empty), bad_packet_type, bad_address, bad_packet_size, with the texts of 03 §4.4.
Result<MixPacket> parse_mix_packet(const Blob& plaintext);

}  // namespace nym::wire
