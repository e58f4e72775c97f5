#pragma once

#include <compare>

#include "engine/base/random.h"

namespace nym::crypto {

/// A u-coordinate as received: any 32 bytes, kept verbatim (01 §3.1).
struct X25519PublicKey {
  ByteArray<32> bytes{};
  friend auto operator<=>(const X25519PublicKey&, const X25519PublicKey&) = default;
};

/// 32 bytes, clamped when made and when imported, never reduced (01 §3.1).
class X25519PrivateKey {
 public:
  static X25519PrivateKey from_bytes(FixedView<32> bytes);
  static X25519PrivateKey generate(RandomSource& random);

  X25519PublicKey public_key() const;
  FixedView<32> expose() const { return clamped_.expose(); }

 private:
  explicit X25519PrivateKey(Secret<32> clamped) : clamped_(std::move(clamped)) {}
  Secret<32> clamped_;
};

/// The public key beside its private one, so that nobody computes it per packet.
struct X25519KeyPair {
  X25519PrivateKey secret;
  X25519PublicKey public_key;

  static X25519KeyPair of(X25519PrivateKey secret) {
    auto public_key = secret.public_key();
    return {std::move(secret), public_key};
  }
  static X25519KeyPair generate(RandomSource& random) { return of(X25519PrivateKey::generate(random)); }
};

/// u(sk * P). Low-order points give 32 zero bytes; callers that must refuse them ask is_all_zero (01 §3.2, §3.5).
Secret<32> diffie_hellman(const X25519PrivateKey& own, const X25519PublicKey& remote);

/// What a key is good for that is used once.
struct OneTimeAgreement {
  X25519PublicKey public_key;
  Secret<32> shared;
};
/// own.public_key() and diffie_hellman(own, remote), side by side.
OneTimeAgreement agree_once(const X25519PrivateKey& own, const X25519PublicKey& remote);

}  // namespace nym::crypto
