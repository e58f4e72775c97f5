#pragma once

#include <vector>

#include "sim/plan/plan.h"
#include "sim/record/start.h"

namespace nym::sim {

/// From an adversary's `at` on, for its `length`.
struct ActiveTime {
  TimePoint from;
  TimePoint until;
  explicit ActiveTime(const Adversary& adversary)
      : from(kRunStart + adversary.at), until(from + adversary.length.value_or(Duration::max())) {}
  bool contains(TimePoint at) const { return from <= at && at < until; }
};

/// The mixnodes that show how packets go through them, and when they do.
class CorruptSet {
 public:
  void add(std::uint32_t mixnode, ActiveTime active) { mixnodes_.push_back({mixnode, active}); }
  bool contains(std::uint32_t mixnode, TimePoint at) const;
  /// Ever.
  bool contains(std::uint32_t mixnode) const;

 private:
  struct One {
    std::uint32_t mixnode = 0;
    ActiveTime active;
  };
  std::vector<One> mixnodes_;
};

/// Of the plan's adversary of this number, which is one of corrupt mixes: those that it names, or so many drawn ones as
/// come nearest to its share. Always the same from the same source, whatever was drawn from it before.
CorruptSet draw_corrupt_mixes(const Plan& plan, std::size_t adversary, RandomSource& random);
/// Of all its adversaries together.
CorruptSet draw_corrupt_mixes(const Plan& plan, RandomSource& random);

}  // namespace nym::sim
