#include "engine/crypto/x25519.h"

#include <sodium.h>

#include "engine/crypto/curve25519.h"
#include "engine/crypto/sodium_ready.h"

namespace nym::crypto {

X25519PrivateKey X25519PrivateKey::from_bytes(FixedView<32> bytes) {
  Secret<32> clamped(bytes);
  clamp(clamped);
  return X25519PrivateKey(std::move(clamped));
}

X25519PrivateKey X25519PrivateKey::generate(RandomSource& random) {
  return from_bytes(draw_secret<32>(random).expose());
}

X25519PublicKey X25519PrivateKey::public_key() const {
  return {multiply_base(clamped_)};
}

Secret<32> diffie_hellman(const X25519PrivateKey& own, const X25519PublicKey& remote) {
  ensure_sodium_ready();
  Secret<32> shared;
  if (crypto_scalarmult_curve25519(shared.expose_mutable().data(), own.expose().data(), remote.bytes.data()) != 0) {
    return {};  // a low-order point; the buffer's content is not specified
  }
  return shared;
}

}  // namespace nym::crypto
