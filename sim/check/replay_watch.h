#pragma once

#include <deque>
#include <set>

#include "engine/sphinx/packet.h"
#include "sim/check/complaints.h"
#include "sim/grammar/node_set.h"

namespace nym::sim {

/// Sees which packets a node opens and how many it refuses as replays: each that it opened before has to be. Of the
/// newest 65536 packets since its start.
class ReplayWatch {
 public:
  ReplayWatch(NodeName node, Complaints& complaints) : node_(node), complaints_(complaints) {}

  void on_peeled(const sphinx::ReplayTag& tag);
  void on_refused() { ++refused_; }
  /// After every event that the node handled.
  void settle(TimePoint now);
  /// The node forgot what it had seen.
  void forget();

 private:
  NodeName node_;
  Complaints& complaints_;
  std::set<sphinx::ReplayTag> seen_;  ///< only looked up
  std::deque<sphinx::ReplayTag> oldest_first_;
  std::uint64_t repeated_ = 0;
  std::uint64_t refused_ = 0;
};

}  // namespace nym::sim
