#pragma once

#include "engine/base/secret.h"

namespace nym::crypto {

using LionessKey = Secret<192>;
/// Blocks must be longer than this.
inline constexpr std::size_t kLionessMinimum = 32;

/// Wide-block permutation, in place (01 §7). `block` must be longer than 32 bytes; callers check lengths from outside
/// first.
void lioness_encrypt(const LionessKey& key, MutableByteView block);
void lioness_decrypt(const LionessKey& key, MutableByteView block);

}  // namespace nym::crypto
