#pragma once

#include "engine/crypto/x25519.h"
#include "engine/sphinx/error.h"
#include "engine/sphinx/reply_surb.h"

namespace nym::sphinx {

/// End-to-end encryption of one fragment (02 §8): 32 bytes (ephemeral key, or digest of the SURB's key) ‖ AES-128-CTR
/// with a zero IV. Not authenticated by itself.
inline constexpr std::size_t kFragmentKeyField = 32;

/// HKDF-BLAKE3 of the key agreement, 16 bytes (02 §2).
crypto::Aes128Key packet_key(const crypto::X25519PrivateKey& own, const crypto::X25519PublicKey& remote);

Bytes seal_fragment(const crypto::X25519PrivateKey& ephemeral, const crypto::X25519PublicKey& recipient,
                    ByteView fragment);
Bytes seal_reply_fragment(const SurbKey& key, ByteView fragment);
/// Error: too_short (fewer than 32 bytes).
Result<Bytes> open_fragment(const crypto::X25519PrivateKey& own, ByteView delivered);
Result<Bytes> open_reply_fragment(const SurbKey& key, ByteView delivered);

}  // namespace nym::sphinx
