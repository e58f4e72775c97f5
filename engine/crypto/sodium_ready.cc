#include "engine/crypto/sodium_ready.h"

#include <sodium.h>

#include "engine/base/check.h"

namespace nym::crypto {

void ensure_sodium_ready() {
  static const bool ready = sodium_init() >= 0;
  NYM_CHECK(ready);
}

}  // namespace nym::crypto
