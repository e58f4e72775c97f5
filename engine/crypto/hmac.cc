#include "engine/crypto/hmac.h"

#include "engine/crypto/blake3.h"
#include "engine/crypto/keyed_hash.h"
#include "engine/crypto/sha256.h"

namespace nym::crypto {

ByteArray<32> hmac_sha256(ByteView key, ByteView message) {
  return KeyedHash<Sha256>(key).mac({message});
}

ByteArray<32> hmac_blake3(ByteView key, ByteView message) {
  return KeyedHash<Blake3>(key).mac({message});
}

}  // namespace nym::crypto
