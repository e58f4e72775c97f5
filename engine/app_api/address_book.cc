#include "engine/app_api/address_book.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/base/limits.h"
#include "engine/base/text_encoding.h"
#include "engine/wire/keys.h"

namespace nym::app_api {

void AddressBook::learn(const wire::Recipient& address) {
  if (known_.size() >= limits::kKnownAddresses) return;
  known_.try_emplace({address.identity.bytes(), address.gateway.bytes()}, address);
}

const wire::Recipient* AddressBook::find(const crypto::Ed25519PublicKey& identity,
                                         const crypto::Ed25519PublicKey& gateway) const {
  auto found = known_.find({identity.bytes(), gateway.bytes()});
  return found == known_.end() ? nullptr : &found->second;
}

const wire::Recipient* AddressBook::find(FixedView<wire::Recipient::kSize> address) const {
  auto found = known_.find({to_array<32>(address.first<32>()), to_array<32>(address.last<32>())});
  bool is_same = found != known_.end() && std::ranges::equal(found->second.encryption.bytes, address.subspan<32, 32>());
  return is_same ? &found->second : nullptr;
}

const wire::Recipient* AddressBook::find(std::string_view two_parts) const {
  auto at = two_parts.find('@');
  if (at == std::string_view::npos) return nullptr;
  auto identity = wire::ed25519_public_key_from_base58(two_parts.substr(0, at));
  auto gateway = wire::ed25519_public_key_from_base58(two_parts.substr(at + 1));
  if (!identity || !gateway) return nullptr;
  return find(*identity, *gateway);
}

std::vector<std::string> AddressBook::identities() const {
  std::vector<std::string> all;
  for (const auto& [key, address] : known_) all.push_back(to_base58(address.identity.bytes()));
  return all;
}

std::string two_part_form(const wire::Recipient& address) {
  return fmt::format("{}@{}", to_base58(address.identity.bytes()), to_base58(address.gateway.bytes()));
}

}  // namespace nym::app_api
