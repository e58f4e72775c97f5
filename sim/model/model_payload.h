#pragma once

#include "sim/model/model_header.h"

namespace nym::sim {

using KeyField = ByteArray<sphinx::kFragmentKeyField>;
/// A number for the sender's ephemeral key, then what only the recipient's own key gives together with it.
KeyField ordinary_key_field(std::uint64_t ephemeral, std::uint64_t recipient);

using AckBytes = ByteArray<sphinx::kAckPlaintext>;
/// Exclusive-or of the identifier behind the IV with what the key gives: twice gives the same back.
AckBytes scramble_ack(const sphinx::AckKey& key, AckBytes ack);
/// As it is sent.
AckBytes ack_bytes(const sphinx::AckPayload& payload);

// The payload of a packet: checksum 8, size of the plaintext 4, zeros 4, and the plaintext in clear. Stored no further
// than what is put goes; the rest of the plaintext and of the payload are zeros.

/// What is in a packet, and how much of it is put down.
struct PacketShape {
  sphinx::HeaderBytes header;
  std::size_t payload_size = 0;
  PayloadState state = PayloadState::intact;  ///< a damaged one is made so that the last hop finds it out
};
Blob write_packet(const PacketShape& shape, const AckBytes& ack);
/// The bytes of a data packet's plaintext: acknowledgement, key field, fragment.
Blob write_packet(const PacketShape& shape, const sphinx::SurbAck& ack, const KeyField& key_field,
                  const Blob& fragment);

/// What became of the payload of a packet with this header, in which earlier damage is recorded.
PayloadState payload_state(const ModelHeader& header, const Blob& packet);

/// Of a packet with an intact payload only.
Blob plaintext_of(const Blob& packet);

}  // namespace nym::sim
