#pragma once

#include <functional>

#include "sim/plan/plan.h"
#include "sim/sweep/record.h"

namespace nym::sim {

/// What went wrong, without the numbers in it (sim/sweep/summary.h).
struct FailureKind {
  RunVerdict verdict = RunVerdict::safety;
  std::string group;
  friend bool operator==(const FailureKind&, const FailureKind&) = default;
};
/// Nothing: the plan does not fail. The same answer for the same plan and seed.
using Fails = std::function<std::optional<FailureKind>(const Plan&, std::uint64_t seed)>;
/// All messages that the plan's workloads come to; nothing: that can not be told.
using ListMessages = std::function<std::optional<std::vector<PlannedMessage>>(const Plan&)>;

struct ShrinkOptions {
  std::uint64_t seed = 1;  ///< of the failing run
  Fails fails;
  ListMessages list_messages;
  std::function<bool()> is_over = [] { return false; };  ///< the budget is used up: what there is then is the result
  /// A smaller plan still fails.
  std::function<void(const Plan&, std::size_t tries)> on_progress = [](const Plan&, std::size_t) {};
};
struct Shrunk {
  Plan plan;
  std::uint64_t seed = 1;  ///< with which it fails: not always that of the run that it began with
  FailureKind kind;
  std::size_t tries = 0;
};
/// Delta debugging: leaves out, then simplifies what is left, as long as the plan still fails in the same way. Every
/// plan that is tried has no problem (sim/plan/validate.h). What fails by bad luck, such as a lost packet, may need
/// another seed once a node is left out: a few are tried. Nothing: the plan does not fail at all.
std::optional<Shrunk> shrink(Plan plan, const ShrinkOptions& options);

/// The plan as TOML with those keys only that are not as by default. Parses to the same plan.
std::string print_briefly(const Plan& plan);

}  // namespace nym::sim
