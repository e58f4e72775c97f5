#include "engine/sphinx/envelope.h"

#include <algorithm>

#include "engine/crypto/constant_time.h"
#include "engine/crypto/hkdf.h"
#include "engine/crypto/hmac.h"

namespace nym::sphinx {

GatewaySharedKeys GatewaySharedKeys::from_bytes(FixedView<32> bytes) {
  return {.encryption = crypto::Aes128Key(bytes.first<16>()), .mac = Secret<16>(bytes.last<16>())};
}

Secret<32> GatewaySharedKeys::to_bytes() const {
  Secret<32> bytes;
  std::ranges::copy(encryption.expose(), bytes.expose_mutable().begin());
  std::ranges::copy(mac.expose(), bytes.expose_mutable().begin() + 16);
  return bytes;
}

GatewaySharedKeys derive_gateway_keys(const Secret<32>& dh) {
  Secret<32> okm;
  crypto::hkdf_blake3({}, dh.expose(), {}, okm.expose_mutable());
  return GatewaySharedKeys::from_bytes(okm.expose());
}

Bytes seal_envelope(const GatewaySharedKeys& keys, ByteView plaintext, const crypto::Iv& iv) {
  Bytes sealed(kEnvelopeMac + plaintext.size());
  auto ciphertext = MutableByteView(sealed).subspan(kEnvelopeMac);
  crypto::aes128_ctr(keys.encryption, iv, plaintext, ciphertext);
  std::ranges::copy(crypto::hmac_blake3(keys.mac.expose(), ciphertext), sealed.begin());
  return sealed;
}

Result<Bytes> open_envelope(const GatewaySharedKeys& keys, ByteView sealed, const crypto::Iv& iv) {
  if (sealed.size() < kEnvelopeMac) return fail(SphinxError::too_short, "no room for a MAC");
  ByteView ciphertext = sealed.subspan(kEnvelopeMac);
  if (!crypto::equal(crypto::hmac_blake3(keys.mac.expose(), ciphertext), sealed.first(kEnvelopeMac))) {
    return fail(SphinxError::bad_mac, "the envelope's MAC does not match");
  }
  Bytes plaintext(ciphertext.size());
  crypto::aes128_ctr(keys.encryption, iv, ciphertext, plaintext);
  return plaintext;
}

}  // namespace nym::sphinx
