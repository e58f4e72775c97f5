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
/// Nothing: the plan does not fail. The same answer for the same plan.
using Fails = std::function<std::optional<FailureKind>(const Plan&)>;
/// All messages that the plan's workloads come to; nothing: that can not be told.
using ListMessages = std::function<std::optional<std::vector<PlannedMessage>>(const Plan&)>;

struct ShrinkOptions {
  Fails fails;
  ListMessages list_messages;
  std::function<bool()> is_over = [] { return false; };  ///< the budget is used up: what there is then is the result
  /// A smaller plan still fails.
  std::function<void(const Plan&, std::size_t tries)> on_progress = [](const Plan&, std::size_t) {};
};
struct Shrunk {
  Plan plan;
  FailureKind kind;
  std::size_t tries = 0;
};
/// Delta debugging: leaves out, then simplifies what is left, as long as the plan still fails in the same way. Every
/// plan that is tried has no problem (sim/plan/validate.h). Nothing: the plan does not fail at all.
std::optional<Shrunk> shrink(Plan plan, const ShrinkOptions& options);

/// The plan as TOML with those keys only that are not as by default. Parses to the same plan.
std::string print_briefly(const Plan& plan);

}  // namespace nym::sim
