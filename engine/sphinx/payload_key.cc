#include "engine/sphinx/payload_key.h"

#include "engine/crypto/hkdf.h"

namespace nym::sphinx {
namespace {

constexpr std::string_view kPayloadKeySalt = "sphinx-payload-key-V01-CS01-HKDF:SHA256-SALT";
constexpr std::string_view kPayloadKeyInfo = "sphinx-payload-key-V01-CS01-HKDF:SHA256-INFO";

}  // namespace

PayloadSeed payload_seed(const RoutingKeys& keys) {
  return PayloadSeed(keys.payload.expose().first<kPayloadSeed>());
}

crypto::LionessKey expand_payload_seed(const PayloadSeed& seed) {
  static const crypto::SaltedHkdfSha256 kDerivation(as_bytes(kPayloadKeySalt));
  crypto::LionessKey key;
  kDerivation.derive(seed.expose(), as_bytes(kPayloadKeyInfo), key.expose_mutable());
  return key;
}

crypto::LionessKey payload_key(const RoutingKeys& keys, PayloadKeyForm form) {
  return form == PayloadKeyForm::full ? keys.payload : expand_payload_seed(payload_seed(keys));
}

}  // namespace nym::sphinx
