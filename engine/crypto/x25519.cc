#include "engine/crypto/x25519.h"

#include "engine/crypto/curve25519.h"

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
  return multiply_unclamped(own.expose(), remote.bytes);
}

OneTimeAgreement agree_once(const X25519PrivateKey& own, const X25519PublicKey& remote) {
  std::array<Multiplication, 2> jobs{
      {{.scalar = own.expose(), .point = kBasePoint}, {.scalar = own.expose(), .point = remote.bytes}}};
  multiply_all(jobs);
  return {.public_key = {to_array<32>(jobs[0].product.expose())}, .shared = std::move(jobs[1].product)};
}

}  // namespace nym::crypto
