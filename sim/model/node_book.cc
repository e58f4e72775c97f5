#include "sim/model/node_book.h"

#include "sim/model/mixing.h"

namespace nym::sim {

std::uint64_t fingerprint(const crypto::X25519PublicKey& key) {
  constexpr std::uint8_t kMeaningful = 0x7f;  // of the last byte
  auto bytes = key.bytes;
  bytes[31] &= kMeaningful;
  return digest(seed(Purpose::key), bytes);
}

std::optional<NodeBook::Number> NodeBook::number_of(const sphinx::Hop& hop) {
  auto brief = load_be<std::uint64_t>(FixedView<32>(hop.key.bytes).first<8>()) ^
               load_be<std::uint64_t>(FixedView<sphinx::kNodeAddress>(hop.address.bytes).first<8>());
  auto [found, is_new] = numbers_.try_emplace(brief, static_cast<Number>(nodes_.size()));
  if (is_new) {
    if (nodes_.size() < kMost) {
      nodes_.push_back({hop.key, fingerprint(hop.key), hop.address});
      return found->second;
    }
    numbers_.erase(found);
    return std::nullopt;
  }
  const auto& known = nodes_[found->second];
  if (known.key != hop.key || known.address != hop.address) return std::nullopt;
  return found->second;
}

}  // namespace nym::sim
