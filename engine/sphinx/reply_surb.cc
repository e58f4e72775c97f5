#include "engine/sphinx/reply_surb.h"

#include "engine/crypto/hash.h"

namespace nym::sphinx {

SurbKeyDigest digest_of(const SurbKey& key) {
  return {crypto::blake3(key.expose())};
}

}  // namespace nym::sphinx
