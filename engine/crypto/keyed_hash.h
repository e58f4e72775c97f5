#pragma once

#include <algorithm>
#include <initializer_list>

#include "engine/base/check.h"
#include "engine/base/secret.h"

namespace nym::crypto {

/// HMAC (RFC 2104) over a hash with 64-byte blocks and 32-byte digests, the key already absorbed. Internal.
template <class Hash>
class KeyedHash {
 public:
  explicit KeyedHash(ByteView key) {
    ByteArray<Hash::kBlock> block{};
    if (key.size() > block.size()) {
      Hash shortened;
      shortened.update(key);
      std::ranges::copy(shortened.finish(), block.begin());
    } else {
      std::ranges::copy(key, block.begin());
    }
    for (auto& byte : block) byte ^= kInnerPad;
    inner_.update(block);
    for (auto& byte : block) byte ^= kInnerPad ^ kOuterPad;
    outer_.update(block);
    wipe(block);
  }

  /// MAC of the parts one after another.
  ByteArray<Hash::kDigest> mac(std::initializer_list<ByteView> parts) const {
    Hash inner = inner_;
    for (ByteView part : parts) inner.update(part);
    Hash outer = outer_;
    outer.update(inner.finish());
    return outer.finish();
  }

 private:
  static constexpr std::uint8_t kInnerPad = 0x36;
  static constexpr std::uint8_t kOuterPad = 0x5c;

  Hash inner_;
  Hash outer_;
};

/// HKDF (RFC 5869), `extract` being keyed with the salt. A missing one needs no case of its own: HMAC pads a key with
/// zeros.
template <class Hash>
void derive_with_hkdf(const KeyedHash<Hash>& extract, ByteView input, ByteView info, MutableByteView out) {
  NYM_CHECK(out.size() <= 255 * Hash::kDigest);
  Secret<Hash::kDigest> pseudorandom_key(extract.mac({input}));
  KeyedHash<Hash> expand(pseudorandom_key.expose());
  Secret<Hash::kDigest> block;
  ByteView previous;
  for (std::uint8_t counter = 1; !out.empty(); ++counter) {
    block = Secret<Hash::kDigest>(expand.mac({previous, info, {&counter, 1}}));
    previous = block.expose();
    auto count = std::min(out.size(), previous.size());
    std::ranges::copy(previous.first(count), out.begin());
    out = out.subspan(count);
  }
}

}  // namespace nym::crypto
