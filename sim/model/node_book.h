#pragma once

#include <map>
#include <optional>
#include <vector>

#include "engine/sphinx/route.h"

namespace nym::sim {

/// Short stand-in for a public key: one number for all encodings that the real arithmetic takes for the same key.
std::uint64_t fingerprint(const crypto::X25519PublicKey& key);

/// The nodes that packets were sealed for, each under a small number: packets on their way would be twice as large with
/// what they say of each node.
class NodeBook {
 public:
  using Number = std::uint16_t;
  struct Node {
    crypto::X25519PublicKey key;
    std::uint64_t fingerprint = 0;  ///< of the key
    sphinx::NodeAddress address;
  };

  /// None for more nodes than it has room for.
  std::optional<Number> number_of(const sphinx::Hop& hop);
  const Node& operator[](Number number) const { return nodes_[number]; }

 private:
  static constexpr std::size_t kMost = 20'000;
  std::vector<Node> nodes_;
  std::map<std::uint64_t, Number> numbers_;  ///< by some bytes of key and address
};

}  // namespace nym::sim
