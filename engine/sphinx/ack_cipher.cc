#include "engine/sphinx/ack_cipher.h"

#include <algorithm>

namespace nym::sphinx {

ByteArray<kAckPlaintext> seal_ack(const AckKey& key, const crypto::Iv& iv, const AckIdentifier& id) {
  ByteArray<kAckPlaintext> sealed{};
  std::ranges::copy(iv, sealed.begin());
  crypto::aes128_ctr(key, iv, id, MutableByteView(sealed).subspan(iv.size()));
  return sealed;
}

AckIdentifier open_ack(const AckKey& key, FixedView<kAckPlaintext> sealed) {
  AckIdentifier id{};
  auto iv = to_array<16>(sealed.first<16>());
  crypto::aes128_ctr(key, iv, sealed.subspan<16>(), id);
  return id;
}

}  // namespace nym::sphinx
