#include "engine/wire/keys.h"

#include <fmt/format.h>

#include "engine/base/text_encoding.h"

namespace nym::wire {
namespace {

constexpr std::size_t kKey = 32;

Result<Bytes> decode_base58(std::string_view text, std::string_view what) {
  auto bytes = from_base58(text);
  if (!bytes) return fail(WireError::bad_key, fmt::format("the {} malformed - {}", what, bytes.error().text()));
  return bytes;
}

constexpr std::string_view kPublicText = "base58 representation of the public key was";
constexpr std::string_view kPrivateText = "base58 representation of the private key was";
constexpr std::string_view kSharedText = "string representation of the shared keys was";

}  // namespace

Result<crypto::Ed25519PublicKey> ed25519_public_key(ByteView bytes) {
  if (bytes.size() != kKey) {
    return fail(WireError::bad_key, "signature error: PublicKey must be 32 bytes in length");
  }
  auto key = crypto::Ed25519PublicKey::parse(bytes);
  if (!key) return fail(WireError::bad_key, "signature error: Cannot decompress Edwards point");
  return *key;
}

Result<crypto::Ed25519PrivateKey> ed25519_private_key(ByteView seed) {
  if (seed.size() != kKey) {
    return fail(WireError::bad_key, "signature error: SecretKey must be 32 bytes in length");
  }
  return crypto::Ed25519PrivateKey::from_seed(seed.first<kKey>());
}

Result<crypto::X25519PublicKey> x25519_public_key(ByteView bytes) {
  if (bytes.size() != kKey) {
    return fail(WireError::bad_key,
                fmt::format("received public key of invalid size. Got: {}, expected: 32", bytes.size()));
  }
  return crypto::X25519PublicKey{to_array<kKey>(bytes)};
}

Result<crypto::X25519PrivateKey> x25519_private_key(ByteView bytes) {
  if (bytes.size() != kKey) {
    return fail(WireError::bad_key,
                fmt::format("received private key of invalid size. Got: {}, expected: 32", bytes.size()));
  }
  return crypto::X25519PrivateKey::from_bytes(bytes.first<kKey>());
}

Result<Secret<16>> ack_key(ByteView bytes) {
  if (bytes.size() != 16) return fail(WireError::bad_key, "provided bytes have invalid length");
  return Secret<16>(bytes.first<16>());
}

Result<Secret<32>> gateway_shared_keys(ByteView bytes) {
  if (bytes.size() != kKey) {
    return fail(WireError::bad_key,
                fmt::format("the received shared keys had invalid size. Got: {}, but expected: 32", bytes.size()));
  }
  return Secret<32>(bytes.first<kKey>());
}

Result<crypto::Ed25519PublicKey> ed25519_public_key_from_base58(std::string_view text) {
  NYM_TRY(auto bytes, decode_base58(text, kPublicText));
  return ed25519_public_key(bytes);
}

Result<crypto::Ed25519PrivateKey> ed25519_private_key_from_base58(std::string_view text) {
  NYM_TRY(auto bytes, decode_base58(text, kPrivateText));
  return ed25519_private_key(bytes);
}

Result<crypto::X25519PublicKey> x25519_public_key_from_base58(std::string_view text) {
  NYM_TRY(auto bytes, decode_base58(text, kPublicText));
  return x25519_public_key(bytes);
}

Result<crypto::X25519PrivateKey> x25519_private_key_from_base58(std::string_view text) {
  NYM_TRY(auto bytes, decode_base58(text, kPrivateText));
  return x25519_private_key(bytes);
}

Result<Secret<32>> gateway_shared_keys_from_base58(std::string_view text) {
  NYM_TRY(auto bytes, decode_base58(text, kSharedText));
  return gateway_shared_keys(bytes);
}

}  // namespace nym::wire
