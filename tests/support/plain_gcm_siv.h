#pragma once

#include <vector>

#include "engine/base/bytes.h"

/// AES-256-GCM-SIV a second time, as FIPS 197 and RFC 8452 write it down: bit by bit, byte by byte, nothing but slow.
namespace nym::test {

using PlainBlock = ByteArray<16>;

/// RFC 8452 section 3: of whole blocks.
PlainBlock plain_polyval(const PlainBlock& key, ByteView blocks);

PlainBlock plain_aes256(const ByteArray<32>& key, const PlainBlock& block);

/// ciphertext ‖ tag
Bytes plain_gcm_siv(const ByteArray<32>& key, const ByteArray<12>& nonce, ByteView associated, ByteView plaintext);

}  // namespace nym::test
