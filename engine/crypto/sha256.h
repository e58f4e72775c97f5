#pragma once

// The plain functions, deprecated in favour of EVP: those copy a keyed state without an allocation, and every HMAC here
// starts from such a copy.
#include <openssl/sha.h>

#include "engine/base/secret.h"

namespace nym::crypto {

/// Incremental SHA-256. Internal: callers outside crypto/ use hash.h, hmac.h and hkdf.h.
class Sha256 {
 public:
  static constexpr std::size_t kBlock = SHA256_CBLOCK;
  static constexpr std::size_t kDigest = SHA256_DIGEST_LENGTH;

  Sha256() { SHA256_Init(&state_); }
  Sha256(const Sha256&) = default;
  Sha256& operator=(const Sha256&) = default;
  ~Sha256() { wipe({reinterpret_cast<std::uint8_t*>(&state_), sizeof state_}); }

  void update(ByteView message) { SHA256_Update(&state_, message.data(), message.size()); }
  /// The object may not be updated afterwards.
  ByteArray<kDigest> finish() {
    ByteArray<kDigest> digest{};
    SHA256_Final(digest.data(), &state_);
    return digest;
  }

 private:
  SHA256_CTX state_{};
};

}  // namespace nym::crypto
