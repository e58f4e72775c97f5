#include <fmt/format.h>

#include <chrono>

#include "sim/app/commands.h"
#include "sim/app/scenario.h"
#include "sim/run/run.h"

namespace nym::sim {
namespace {

int exit_code(Verdict verdict) {
  switch (verdict) {
    case Verdict::pass:
      return 0;
    case Verdict::safety:
      return 2;
    case Verdict::liveness:
      return 3;
  }
  return 70;
}

}  // namespace

int run_command(const RunOptions& options) {
  auto subject = read_subject(options.subject);
  if (!subject) return refuse(subject.error());
  auto plan = plan_of(*subject, options.seed, scenario_folder());
  if (!plan) return refuse(plan.error());
  auto fidelity = fidelity_from(options.subject.fidelity).value_or(plan->fidelity);
  auto started = std::chrono::steady_clock::now();
  RunResult result = run_plan(*plan, {.fidelity = fidelity, .seed = options.seed});
  auto wall = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - started);
  for (const auto& violation : result.violations) fmt::print("{}\n", violation.text);
  if (result.verdict() != Verdict::pass) {
    fmt::print("repeat with: {}\n", repeat_command(*subject, options.seed, fidelity));
  }
  fmt::print(
      "verdict={} scenario={} seed={} fidelity={} events={} packets={} simsec={}.{:03} wall_ms={} fingerprint={}\n",
      to_string(result.verdict()), plan->name, options.seed, to_string(fidelity), result.events, result.packets,
      result.simulated.whole_seconds(), result.simulated.whole_ms() % 1'000, wall.count(), result.fingerprint);
  return exit_code(result.verdict());
}

}  // namespace nym::sim
