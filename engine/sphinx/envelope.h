#pragma once

#include "engine/crypto/stream_ciphers.h"
#include "engine/sphinx/error.h"

namespace nym::sphinx {

/// What a client and its gateway share after registration (03 §3.1): 32 bytes as stored, encryption key first.
struct GatewaySharedKeys {
  crypto::Aes128Key encryption;
  Secret<16> mac;

  static GatewaySharedKeys from_bytes(FixedView<32> bytes);
  Secret<32> to_bytes() const;
};
/// HKDF-BLAKE3 of an X25519 result.
GatewaySharedKeys derive_gateway_keys(const Secret<32>& dh);

inline constexpr std::size_t kEnvelopeMac = 32;

/// HMAC-BLAKE3 over the ciphertext ‖ AES-128-CTR (03 §3.2). The IV is zero for all mix traffic (a quirk of the wire).
Bytes seal_envelope(const GatewaySharedKeys& keys, ByteView plaintext, const crypto::Iv& iv = {});
/// Errors: too_short, bad_mac.
Result<Bytes> open_envelope(const GatewaySharedKeys& keys, ByteView sealed, const crypto::Iv& iv = {});

}  // namespace nym::sphinx
