#include "engine/sphinx/fragment_cipher.h"

#include "engine/crypto/hkdf.h"

namespace nym::sphinx {
namespace {

Bytes seal_behind(FixedView<kFragmentKeyField> field, const crypto::Aes128Key& key, ByteView fragment) {
  Bytes out = ByteWriter(field.size() + fragment.size()).put(field).put(fragment).finish();
  crypto::aes128_ctr(key, {}, MutableByteView(out).subspan(field.size()));
  return out;
}

Bytes open_behind(const crypto::Aes128Key& key, ByteView delivered) {
  Bytes fragment = to_bytes(delivered.subspan(kFragmentKeyField));
  crypto::aes128_ctr(key, {}, fragment);
  return fragment;
}

crypto::Aes128Key key_from(const Secret<32>& shared) {
  crypto::Aes128Key key;
  crypto::hkdf_blake3({}, shared.expose(), {}, key.expose_mutable());
  return key;
}

}  // namespace

crypto::Aes128Key packet_key(const crypto::X25519PrivateKey& own, const crypto::X25519PublicKey& remote) {
  return key_from(crypto::diffie_hellman(own, remote));
}

Bytes seal_fragment(const crypto::X25519PrivateKey& ephemeral, const crypto::X25519PublicKey& recipient,
                    ByteView fragment) {
  auto agreement = crypto::agree_once(ephemeral, recipient);
  return seal_behind(agreement.public_key.bytes, key_from(agreement.shared), fragment);
}

Bytes seal_reply_fragment(const SurbKey& key, ByteView fragment) {
  return seal_behind(digest_of(key).bytes, key, fragment);
}

Result<Bytes> open_fragment(const crypto::X25519PrivateKey& own, ByteView delivered) {
  if (delivered.size() < kFragmentKeyField) return fail(SphinxError::too_short, "no room for an ephemeral key");
  crypto::X25519PublicKey ephemeral{to_array<kFragmentKeyField>(delivered)};
  return open_behind(packet_key(own, ephemeral), delivered);
}

Result<Bytes> open_reply_fragment(const SurbKey& key, ByteView delivered) {
  if (delivered.size() < kFragmentKeyField) return fail(SphinxError::too_short, "no room for a key digest");
  return open_behind(key, delivered);
}

}  // namespace nym::sphinx
