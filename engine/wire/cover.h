#pragma once

#include "engine/base/blob.h"
#include "engine/wire/packet_size.h"

namespace nym::wire {

/// The fragment of a loop cover packet: an 18-byte marker, 0x01, zeros (02 §10).
Blob cover_fragment(std::size_t fragment_size);
bool is_cover(ByteView fragment);

/// A drop cover packet carries no more than an acknowledgement's 21 bytes in a packet of a data size: too short for
/// the SURB-ack that every data packet begins with, so every gateway drops it unread (02 §15).
bool is_drop_cover(PacketSize frame, std::size_t plaintext_size);

}  // namespace nym::wire
