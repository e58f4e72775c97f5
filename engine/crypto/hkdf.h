#pragma once

#include <memory>

#include "engine/base/bytes.h"

namespace nym::crypto {

/// RFC 5869, extract and expand. An empty salt is 32 zero bytes. Fills `out`, at most 255 * 32 bytes.
void hkdf_sha256(ByteView salt, ByteView input, ByteView info, MutableByteView out);
void hkdf_blake3(ByteView salt, ByteView input, ByteView info, MutableByteView out);

/// hkdf_sha256 for a salt that is used very often: what it takes to begin with it is done once.
class SaltedHkdfSha256 {
 public:
  explicit SaltedHkdfSha256(ByteView salt);
  void derive(ByteView input, ByteView info, MutableByteView out) const;

 private:
  struct Begun;
  std::shared_ptr<const Begun> begun_;
};

}  // namespace nym::crypto
