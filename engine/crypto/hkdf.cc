#include "engine/crypto/hkdf.h"

#include "engine/crypto/blake3.h"
#include "engine/crypto/keyed_hash.h"
#include "engine/crypto/sha256.h"

namespace nym::crypto {

void hkdf_sha256(ByteView salt, ByteView input, ByteView info, MutableByteView out) {
  derive_with_hkdf<Sha256>(salt, input, info, out);
}

void hkdf_blake3(ByteView salt, ByteView input, ByteView info, MutableByteView out) {
  derive_with_hkdf<Blake3>(salt, input, info, out);
}

}  // namespace nym::crypto
