#pragma once

#include "engine/base/bytes.h"

namespace nym::crypto {

ByteArray<32> sha256(ByteView message);

/// BLAKE3 in default hash mode (not keyed, not derive-key).
ByteArray<32> blake3(ByteView message);

/// BLAKE2b with a 64-byte key and a 32-byte digest, as LIONESS uses it (01 §7).
ByteArray<32> blake2b_keyed(FixedView<64> key, ByteView message);

}  // namespace nym::crypto
