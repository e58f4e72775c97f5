#include "engine/crypto/ed25519.h"

#include <openssl/evp.h>
#include <sodium.h>

#include <memory>

#include "engine/base/check.h"
#include "engine/crypto/field25519.h"
#include "engine/crypto/sodium_ready.h"

namespace nym::crypto {
namespace {

struct FreeOpenssl {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};

// libsodium's form of a private key: seed ‖ public key.
struct ExpandedKey {
  ByteArray<32> public_key{};
  Secret<64> secret;
};

ExpandedKey expand(FixedView<32> seed) {
  ensure_sodium_ready();
  ExpandedKey key;
  crypto_sign_ed25519_seed_keypair(key.public_key.data(), key.secret.expose_mutable().data(), seed.data());
  return key;
}

// There is an x with x^2 = (y^2 - 1) / (d y^2 + 1), d = -121665/121666; nothing else is asked for. All of it is public.
bool is_on_curve(FixedView<32> encoded_y) {
  constexpr std::uint64_t kDenominator = 121'666;
  auto y2 = square(load_field(encoded_y));
  auto above = scale(subtract(y2, kFieldOne), kDenominator);
  auto below = subtract(scale(kFieldOne, kDenominator), scale(y2, kDenominator - 1));
  return is_square(multiply(above, below));
}

}  // namespace

Result<Ed25519PublicKey> Ed25519PublicKey::parse(ByteView bytes) {
  if (bytes.size() != 32) return fail(CryptoError::bad_length, "signature error: PublicKey must be 32 bytes in length");
  if (!is_on_curve(bytes.first<32>())) {
    return fail(CryptoError::not_a_point, "signature error: Cannot decompress Edwards point");
  }
  return Ed25519PublicKey(to_array<32>(bytes));
}

Ed25519PrivateKey Ed25519PrivateKey::from_seed(FixedView<32> seed) {
  return Ed25519PrivateKey(Secret<32>(seed));
}

Ed25519PrivateKey Ed25519PrivateKey::generate(RandomSource& random) {
  return Ed25519PrivateKey(draw_secret<32>(random));
}

Ed25519PublicKey Ed25519PrivateKey::public_key() const {
  return Ed25519PublicKey(expand(seed_.expose()).public_key);
}

Ed25519Signature Ed25519PrivateKey::sign(ByteView message) const {
  ExpandedKey key = expand(seed_.expose());
  Ed25519Signature signature{};
  crypto_sign_ed25519_detached(signature.data(), nullptr, message.data(), message.size(), key.secret.expose().data());
  return signature;
}

// libcrypto's verdict: libsodium's refuses small-order keys (03 open question 3).
bool verify(const Ed25519PublicKey& key, ByteView message, const Ed25519Signature& signature) {
  std::unique_ptr<EVP_PKEY, FreeOpenssl> handle(
      EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, key.bytes().data(), key.bytes().size()));
  std::unique_ptr<EVP_MD_CTX, FreeOpenssl> context(EVP_MD_CTX_new());
  NYM_CHECK(handle != nullptr && context != nullptr);
  NYM_CHECK(EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, handle.get()) == 1);
  return EVP_DigestVerify(context.get(), signature.data(), signature.size(), message.data(), message.size()) == 1;
}

}  // namespace nym::crypto
