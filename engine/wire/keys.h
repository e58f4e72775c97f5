#pragma once

#include "engine/crypto/ed25519.h"
#include "engine/crypto/x25519.h"
#include "engine/wire/error.h"

namespace nym::wire {

// Keys from bytes and texts of any length, with the error texts that people meet in addresses and key files
// (04 §2.7, 05 §4.1). Errors: bad_key.
Result<crypto::Ed25519PublicKey> ed25519_public_key(ByteView bytes);
Result<crypto::Ed25519PrivateKey> ed25519_private_key(ByteView seed);
Result<crypto::X25519PublicKey> x25519_public_key(ByteView bytes);
Result<crypto::X25519PrivateKey> x25519_private_key(ByteView bytes);
/// The 16-byte key of acknowledgements.
Result<Secret<16>> ack_key(ByteView bytes);
/// What a client and its gateway share: 16 bytes of encryption key, 16 of MAC key.
Result<Secret<32>> gateway_shared_keys(ByteView bytes);

Result<crypto::Ed25519PublicKey> ed25519_public_key_from_base58(std::string_view text);
Result<crypto::Ed25519PrivateKey> ed25519_private_key_from_base58(std::string_view text);
Result<crypto::X25519PublicKey> x25519_public_key_from_base58(std::string_view text);
Result<crypto::X25519PrivateKey> x25519_private_key_from_base58(std::string_view text);
Result<Secret<32>> gateway_shared_keys_from_base58(std::string_view text);

}  // namespace nym::wire
