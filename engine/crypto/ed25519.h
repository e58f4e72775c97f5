#pragma once

#include <compare>

#include "engine/base/random.h"
#include "engine/base/result.h"

namespace nym::crypto {

enum class CryptoError : std::uint16_t { bad_length = 1, not_a_point };
constexpr Layer layer_of(CryptoError) {
  return Layer::crypto;
}

/// A compressed point, kept verbatim. Made only from bytes that decompress (02 §2, 05 §4.1): small-order and
/// non-canonical encodings are accepted, as in the original.
class Ed25519PublicKey {
 public:
  /// Errors: bad_length with the text `signature error: PublicKey must be 32 bytes in length`, not_a_point with
  /// `signature error: Cannot decompress Edwards point`. Callers put their prefix before these (05 §4.1).
  static Result<Ed25519PublicKey> parse(ByteView bytes);
  const ByteArray<32>& bytes() const { return bytes_; }
  friend auto operator<=>(const Ed25519PublicKey&, const Ed25519PublicKey&) = default;

 private:
  friend class Ed25519PrivateKey;
  explicit Ed25519PublicKey(const ByteArray<32>& bytes) : bytes_(bytes) {}
  ByteArray<32> bytes_{};
};

using Ed25519Signature = ByteArray<64>;

/// A 32-byte seed (RFC 8032).
class Ed25519PrivateKey {
 public:
  static Ed25519PrivateKey from_seed(FixedView<32> seed);
  static Ed25519PrivateKey generate(RandomSource& random);

  Ed25519PublicKey public_key() const;
  Ed25519Signature sign(ByteView message) const;
  FixedView<32> expose_seed() const { return seed_.expose(); }

 private:
  explicit Ed25519PrivateKey(Secret<32> seed) : seed_(std::move(seed)) {}
  Secret<32> seed_;
};

/// Cofactorless; S >= l and a non-canonical R are refused, small-order public keys are not (03 open question 3).
bool verify(const Ed25519PublicKey& key, ByteView message, const Ed25519Signature& signature);

}  // namespace nym::crypto
