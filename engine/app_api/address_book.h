#pragma once

#include <map>
#include <vector>

#include "engine/wire/recipient.h"

namespace nym::app_api {

/// Full addresses by their two-part form, which older programs use: the client's own, and those that applications wrote
/// in full since the start (05 §9.5).
class AddressBook {
 public:
  explicit AddressBook(const wire::Recipient& own) : own_(own) { learn(own); }

  const wire::Recipient& own() const { return own_; }
  /// Nothing more is learned once limits::kKnownAddresses are known.
  void learn(const wire::Recipient& address);
  const wire::Recipient* find(const crypto::Ed25519PublicKey& identity, const crypto::Ed25519PublicKey& gateway) const;
  /// The same address as bytes: their keys were looked at before.
  const wire::Recipient* find(FixedView<wire::Recipient::kSize> address) const;
  /// `identity@gateway` in base58; nothing when it is not of that form or not known.
  const wire::Recipient* find(std::string_view two_parts) const;
  /// Base58 identity keys of all.
  std::vector<std::string> identities() const;

 private:
  /// Identity and gateway.
  using Key = std::pair<ByteArray<32>, ByteArray<32>>;
  wire::Recipient own_;
  std::map<Key, wire::Recipient> known_;
};

/// The form of v0.7.0: `identity@gateway`.
std::string two_part_form(const wire::Recipient& address);

}  // namespace nym::app_api
