#pragma once

namespace nym::crypto {

/// Lets libsodium choose its fastest code for this processor. Cheap after the first call; any thread.
/// Internal: called before primitives that libsodium has in several versions.
void ensure_sodium_ready();

}  // namespace nym::crypto
