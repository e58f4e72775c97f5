#pragma once

#include "engine/base/strong_id.h"
#include "sim/plan/nodes.h"

namespace nym::sim {

/// Mixnodes first, then gateways, then clients; each kind in its order.
using HostId = StrongId<struct HostTag, std::uint32_t>;

/// What hosts are called, and the other way round.
class HostNames {
 public:
  explicit HostNames(const Plan& plan)
      : mixnodes_(plan.network.mixnodes), gateways_(plan.network.gateways), clients_(client_count(plan)) {}

  HostId id(NodeName name) const {
    if (name.kind == NodeKind::mixnode) return {name.index};
    return {name.index + mixnodes_ + (name.kind == NodeKind::client ? gateways_ : 0)};
  }
  NodeName name(HostId id) const {
    if (id.value < mixnodes_) return {NodeKind::mixnode, id.value};
    if (id.value < mixnodes_ + gateways_) return {NodeKind::gateway, id.value - mixnodes_};
    return {NodeKind::client, id.value - mixnodes_ - gateways_};
  }
  /// Those that come first.
  std::uint32_t nodes() const { return mixnodes_ + gateways_; }
  std::uint32_t count() const { return mixnodes_ + gateways_ + clients_; }

 private:
  std::uint32_t mixnodes_;
  std::uint32_t gateways_;
  std::uint32_t clients_;
};

}  // namespace nym::sim
