#pragma once

#include <string>

#include "engine/crypto/ed25519.h"
#include "engine/crypto/x25519.h"
#include "engine/wire/error.h"

namespace nym::wire {

/// A client's address (02 §3.1). 96 bytes: identity 32 ‖ encryption 32 ‖ gateway 32;
/// text: base58(identity) "." base58(encryption) "@" base58(gateway).
struct Recipient {
  static constexpr std::size_t kSize = 96;

  crypto::Ed25519PublicKey identity;
  crypto::X25519PublicKey encryption;
  crypto::Ed25519PublicKey gateway;

  /// Errors: bad_recipient with the texts of 05 §4.1, first failure in the order given there.
  static Result<Recipient> parse(std::string_view text);
  static Result<Recipient> from_bytes(FixedView<kSize> bytes);
  ByteArray<kSize> to_bytes() const;
  std::string to_string() const;
  friend auto operator<=>(const Recipient&, const Recipient&) = default;
};

}  // namespace nym::wire
