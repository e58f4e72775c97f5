#pragma once

#include <vector>

#include "engine/crypto/lioness.h"
#include "engine/sphinx/error.h"

namespace nym::sphinx {

/// 01 §10: 16 zeros, plaintext, 0x01, zeros up to `payload_size`, then one LIONESS layer a key, the last hop innermost.
/// Errors: invalid_payload (size below 33 or plaintext longer than payload_size - 17).
Result<Bytes> encapsulate_payload(ByteView plaintext, std::span<const crypto::LionessKey> keys,
                                  std::size_t payload_size);

/// The plaintext inside a payload without layers: 16 zeros must match, the last 0x01 ends it. Error: invalid_payload.
Result<Bytes> recover_plaintext(ByteView payload);

}  // namespace nym::sphinx
