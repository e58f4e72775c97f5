#include "engine/wire/recipient.h"

#include <fmt/format.h>

#include "engine/base/text_encoding.h"
#include "engine/wire/keys.h"

namespace nym::wire {
namespace {

constexpr std::string_view kIdentity = "recipient's identity key";
constexpr std::string_view kEncryption = "recipient's encryption key";
constexpr std::string_view kGateway = "recipient gateway's identity key";

struct Halves {
  std::string_view left;
  std::string_view right;
};

Result<Halves> split_once(std::string_view text, char separator) {
  auto at = text.find(separator);
  if (at == std::string_view::npos || text.find(separator, at + 1) != std::string_view::npos) {
    // The blank at the end belongs to the text (05 §4.1).
    return fail(WireError::bad_recipient,
                fmt::format("recipient is malformed - the string address does not contain exactly a single '{}' "
                            "character ",
                            separator));
  }
  return Halves{text.substr(0, at), text.substr(at + 1)};
}

template <class Key>
Result<Key> named(std::string_view part, Result<Key> key) {
  if (!key) return fail(WireError::bad_recipient, fmt::format("{} is malformed: {}", part, key.error().text()));
  return key;
}

}  // namespace

Result<Recipient> Recipient::parse(std::string_view text) {
  NYM_TRY(auto at, split_once(text, '@'));
  NYM_TRY(auto dot, split_once(at.left, '.'));
  NYM_TRY(auto identity, named(kIdentity, ed25519_public_key_from_base58(dot.left)));
  NYM_TRY(auto encryption, named(kEncryption, x25519_public_key_from_base58(dot.right)));
  NYM_TRY(auto gateway, named(kGateway, ed25519_public_key_from_base58(at.right)));
  return Recipient{identity, encryption, gateway};
}

Result<Recipient> Recipient::from_bytes(FixedView<kSize> bytes) {
  NYM_TRY(auto identity, named(kIdentity, ed25519_public_key(bytes.subspan<0, 32>())));
  NYM_TRY(auto encryption, named(kEncryption, x25519_public_key(bytes.subspan<32, 32>())));
  NYM_TRY(auto gateway, named(kGateway, ed25519_public_key(bytes.subspan<64, 32>())));
  return Recipient{identity, encryption, gateway};
}

ByteArray<Recipient::kSize> Recipient::to_bytes() const {
  ByteWriter writer(kSize);
  writer.put(identity.bytes()).put(encryption.bytes).put(gateway.bytes());
  return to_array<kSize>(std::move(writer).finish());
}

std::string Recipient::to_string() const {
  return fmt::format("{}.{}@{}", to_base58(identity.bytes()), to_base58(encryption.bytes), to_base58(gateway.bytes()));
}

}  // namespace nym::wire
