#pragma once

#include "engine/base/endpoint.h"
#include "engine/wire/error.h"

namespace nym::wire {

/// A node's mix endpoint as bytes (02 §3.3): kind 4 or 6, port, octets; 7 or 19 bytes, or padded with zeros.
Bytes encode_address(const Endpoint& endpoint);
ByteArray<19> encode_address_19(const Endpoint& endpoint);
ByteArray<32> encode_address_32(const Endpoint& endpoint);

struct DecodedAddress {
  Endpoint endpoint;
  std::size_t length = 0;  ///< bytes used: 7 or 19; padding is not looked at
};
/// Error: bad_address.
Result<DecodedAddress> decode_address(ByteView bytes);

}  // namespace nym::wire
