#pragma once

#include "sim/sweep/shrink.h"
#include "sim/sweep/subject.h"
#include "sim/sweep/workers.h"

namespace nym::sim {

inline constexpr std::chrono::milliseconds kReplayLimit{600'000};

/// One run in a process of its own. Errors: those of the plan; harness, also when it is interrupted.
Result<RunRecord> run_apart(const RunOrder& order, const ScenarioFolder& folder, std::chrono::milliseconds limit,
                            int interrupt);
/// The same of a plan that is at hand.
Result<RunRecord> run_apart(const RunOrder& order, const Plan& plan, std::chrono::milliseconds limit, int interrupt);

/// What its workloads come to with that seed: the messages that were submitted until it failed, or came to its end.
std::optional<std::vector<PlannedMessage>> messages_of_run(const Plan& plan, std::uint64_t seed, Fidelity fidelity,
                                                           std::chrono::milliseconds limit, int interrupt);

/// Nothing for a pass.
std::optional<FailureKind> failure_kind(const RunRecord& record);

}  // namespace nym::sim
