#pragma once

#include <array>
#include <vector>

#include "engine/sphinx/real_suite.h"
#include "sim/kernel/seeded_random.h"

namespace nym::bench {

/// A network that exists as keys only, and packets through it as a client makes them: three mixnodes and a gateway, all
/// drawn anew for each, regular size.
class SamplePackets {
 public:
  static constexpr std::size_t kLayers = 3;
  static constexpr std::size_t kNodesALayer = 8;
  static constexpr std::size_t kGateways = 2;

  explicit SamplePackets(Generation generation = Generation::y2023);

  /// A packet alone: pending, nothing nested in it.
  Blob packet();
  /// A chunk of a message: pending, with the pending packet of its acknowledgement inside.
  Blob chunk();
  sphinx::ReplySurbPlan reply_surb();
  /// `count` chunks as they come to the mixnode that `first_key` belongs to: made, each with bytes of its own.
  std::vector<Bytes> at_first_mixnode(std::size_t count);

  const crypto::X25519KeyPair& first_key() const { return nodes_[0][0].key; }
  sphinx::NodeRule rule() const { return rule_; }
  sphinx::RealSuite& suite() { return suite_; }
  sim::SeededRandom& random() { return random_; }

 private:
  struct SampleNode {
    crypto::X25519KeyPair key;
    sphinx::NodeAddress address;
  };
  sphinx::Hop hop_to(const SampleNode& node);
  sphinx::HeaderPlan header(const SampleNode& first);
  const SampleNode& any_of(const std::vector<SampleNode>& nodes);
  Blob chunk_over(const SampleNode& first);

  sim::SeededRandom random_{1};
  SphinxNumber number_;
  sphinx::NodeRule rule_;
  sphinx::RealSuite suite_;
  std::array<std::vector<SampleNode>, kLayers + 1> nodes_;  ///< gateways last
  crypto::X25519KeyPair recipient_;
  sphinx::AckKey ack_key_;
  Bytes content_;
};

}  // namespace nym::bench
