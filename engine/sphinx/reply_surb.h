#pragma once

#include "engine/base/secret.h"
#include "engine/sphinx/error.h"
#include "engine/sphinx/surb.h"

namespace nym::sphinx {

/// A 16-byte AES key that the SURB's owner keeps to open what comes back (02 §4.5).
using SurbKey = Secret<16>;

/// BLAKE3 of the key: how the owner finds it again; travels in clear in front of a reply's ciphertext.
struct SurbKeyDigest {
  ByteArray<32> bytes{};
  friend auto operator<=>(const SurbKeyDigest&, const SurbKeyDigest&) = default;
};
SurbKeyDigest digest_of(const SurbKey& key);

inline constexpr std::size_t kReplySurbHops = 4;
inline constexpr std::size_t kReplySurb = 16 + surb_size(kReplySurbHops);  // 1164

/// key 16 ‖ SURB, as messages carry it and the reply store keeps it: 1164 bytes in form V1, 396 + 16 a hop in form V2.
/// The content is the suite's business.
struct ReplySurb {
  Bytes bytes;
  KeyRotation rotation = KeyRotation::unknown;  ///< of the node keys it was made for, as its container said
  friend bool operator==(const ReplySurb&, const ReplySurb&) = default;
};

}  // namespace nym::sphinx
