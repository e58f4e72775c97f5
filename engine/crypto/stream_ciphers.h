#pragma once

#include "engine/base/secret.h"

namespace nym::crypto {

using Aes128Key = Secret<16>;
using Iv = ByteArray<16>;

/// AES-128 in counter mode, in place. Only the last 8 bytes of the IV count, big-endian, wrapping without a carry into
/// the first 8 (02 §2 "Ctr64BE"). Encrypts and decrypts.
void aes128_ctr(const Aes128Key& key, const Iv& iv, MutableByteView data);
/// As above into another buffer of the same size.
void aes128_ctr(const Aes128Key& key, const Iv& iv, ByteView from, MutableByteView to);

/// The original ChaCha20 (8-byte zero nonce, 64-bit counter from 0), in place (01 §7).
void chacha20(FixedView<32> key, MutableByteView data);

}  // namespace nym::crypto
