#include "engine/crypto/hash.h"

#include <sodium.h>

#include "engine/crypto/blake3.h"
#include "engine/crypto/sha256.h"
#include "engine/crypto/sodium_ready.h"

namespace nym::crypto {

ByteArray<32> sha256(ByteView message) {
  Sha256 hash;
  hash.update(message);
  return hash.finish();
}

ByteArray<32> blake3(ByteView message) {
  Blake3 hash;
  hash.update(message);
  return hash.finish();
}

ByteArray<32> blake2b_keyed(FixedView<64> key, ByteView message) {
  ensure_sodium_ready();
  ByteArray<32> digest{};
  crypto_generichash_blake2b(digest.data(), digest.size(), message.data(), message.size(), key.data(), key.size());
  return digest;
}

}  // namespace nym::crypto
