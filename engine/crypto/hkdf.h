#pragma once

#include "engine/base/bytes.h"

namespace nym::crypto {

/// RFC 5869, extract and expand. An empty salt is 32 zero bytes. Fills `out`, at most 255 * 32 bytes.
void hkdf_sha256(ByteView salt, ByteView input, ByteView info, MutableByteView out);
void hkdf_blake3(ByteView salt, ByteView input, ByteView info, MutableByteView out);

}  // namespace nym::crypto
