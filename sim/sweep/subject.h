#pragma once

#include "sim/plan/find.h"
#include "sim/plan/generate.h"
#include "sim/sweep/record.h"

namespace nym::sim {

/// What is run: a scenario, or what a profile draws from each seed; with some keys set to other values.
struct Subject {
  std::optional<Profile> profile{};
  std::string plan{};  ///< name or file, if there is no profile
  std::vector<Setting> settings{};
};
/// `swarm`, `hello`, `my-plan.toml`
std::string name_of(const Subject& subject);
Subject subject_of(const RunRecord& record);

/// Of a profile the plan of that seed. Errors: no_such_file, bad_plan.
Result<Plan> plan_of(const Subject& subject, std::uint64_t seed, const ScenarioFolder& folder);
/// 16 hexadecimal digits; equal for plans that say the same.
std::string hash_of(const Plan& plan);

/// `nym-sim run --profile swarm --seed 7 --fidelity model`, to be pasted into a shell.
std::string repeat_command(const Subject& subject, std::uint64_t seed, Fidelity fidelity);
/// The words after `nym-sim VERB ` that name it.
std::string subject_words(const Subject& subject);

/// One run to do.
struct RunOrder {
  Subject subject;
  std::uint64_t seed = 1;
  std::optional<Fidelity> fidelity{};  ///< none: the plan's own
  RunChecks checks{};
};
/// What is known of a run before it: it is a crash until it is over. Without a plan: it could not even be drawn.
RunRecord begin_record(const RunOrder& order, const Plan* plan);
using RunPlan = std::function<RunResult(const Plan&, const RunSettings&)>;
/// Does the run in this process, and what is to be compared with it.
void perform(const Plan& plan, RunRecord& record, const RunPlan& run = run_plan);

}  // namespace nym::sim
