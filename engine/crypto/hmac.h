#pragma once

#include "engine/base/bytes.h"

namespace nym::crypto {

/// RFC 2104. Keys of any length.
ByteArray<32> hmac_sha256(ByteView key, ByteView message);
/// RFC 2104 with H = BLAKE3 hash mode, block 64; not BLAKE3's keyed mode (02 §2).
ByteArray<32> hmac_blake3(ByteView key, ByteView message);

}  // namespace nym::crypto
