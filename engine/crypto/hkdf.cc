#include "engine/crypto/hkdf.h"

#include "engine/crypto/blake3.h"
#include "engine/crypto/keyed_hash.h"
#include "engine/crypto/sha256.h"

namespace nym::crypto {

void hkdf_sha256(ByteView salt, ByteView input, ByteView info, MutableByteView out) {
  derive_with_hkdf(KeyedHash<Sha256>(salt), input, info, out);
}

struct SaltedHkdfSha256::Begun {
  KeyedHash<Sha256> extract;
};

SaltedHkdfSha256::SaltedHkdfSha256(ByteView salt)
    : begun_(std::make_shared<const Begun>(Begun{KeyedHash<Sha256>(salt)})) {}

void SaltedHkdfSha256::derive(ByteView input, ByteView info, MutableByteView out) const {
  derive_with_hkdf(begun_->extract, input, info, out);
}

void hkdf_blake3(ByteView salt, ByteView input, ByteView info, MutableByteView out) {
  derive_with_hkdf(KeyedHash<Blake3>(salt), input, info, out);
}

}  // namespace nym::crypto
