#pragma once

#include "engine/base/blob.h"
#include "engine/base/endpoint.h"
#include "engine/wire/error.h"
#include "engine/wire/packet_size.h"

namespace nym::wire {

/// A SURB-ack as it stands in front of a payload: its first hop in 19 bytes, then a Sphinx packet.
struct SurbAckBlock {
  Endpoint first_hop;
  Blob packet;  ///< at least 365 bytes
};
/// Errors: bad_address, too_short.
Result<SurbAckBlock> parse_surb_ack(const Blob& block);

/// What a gateway takes from the plaintext of a data packet (02 §15, 03 §10.2): 19 bytes of address, 386 of ack, the
/// rest.
struct FinalPayload {
  Endpoint ack_first_hop;
  Blob ack_packet;
  Blob message;  ///< may be empty
};
/// Errors: too_short, bad_address.
Result<FinalPayload> split_final_payload(const Blob& plaintext);

/// What a client takes a pushed plaintext for (02 §16): up to 48 bytes is an acknowledgement, whatever it is.
enum class PushedKind : std::uint8_t { ack, message };
PushedKind classify_pushed(std::size_t length);

}  // namespace nym::wire
