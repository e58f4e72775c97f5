#include "engine/crypto/constant_time.h"

#include <sodium.h>

namespace nym::crypto {

bool equal(ByteView a, ByteView b) {
  return a.size() == b.size() && sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

bool is_all_zero(ByteView bytes) {
  return sodium_is_zero(bytes.data(), bytes.size()) == 1;
}

}  // namespace nym::crypto
