#pragma once

#include "engine/base/secret.h"

namespace nym::crypto {

/// AES-256-GCM-SIV (RFC 8452): authenticated, and for two messages under one nonce it tells no more than whether they
/// are equal. Constant time in everything but lengths. Messages of up to 2^36 bytes (checked).
using GcmSivKey = Secret<32>;
using GcmSivNonce = ByteArray<12>;
inline constexpr std::size_t kGcmSivTag = 16;

/// Writes ciphertext ‖ tag: `sealed` has kGcmSivTag bytes more than `plaintext` (checked) and does not overlap it.
void gcm_siv_seal(const GcmSivKey& key, const GcmSivNonce& nonce, ByteView associated, ByteView plaintext,
                  MutableByteView sealed);
/// Whether `sealed` is what gcm_siv_seal gave. If not, `plaintext` is left all zero; it has kGcmSivTag bytes fewer than
/// `sealed` (checked), which has at least as many.
[[nodiscard]] bool gcm_siv_open(const GcmSivKey& key, const GcmSivNonce& nonce, ByteView associated, ByteView sealed,
                                MutableByteView plaintext);

}  // namespace nym::crypto
