#include <fmt/format.h>

#include <chrono>

#include "sim/app/commands.h"
#include "sim/app/scenario.h"
#include "sim/network/simulation.h"

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
  auto plan = find_scenario(options.plan, scenario_folder());
  if (!plan) {
    fmt::print(stderr, "nym-sim: {}\n", plan.error().text());
    return 1;
  }
  if (auto reason = unsupported(*plan)) {
    fmt::print(stderr, "nym-sim: {}: this version can check, but not run: {}\n", options.plan, *reason);
    return 1;
  }
  auto fidelity = fidelity_from(options.fidelity).value_or(plan->fidelity);
  auto started = std::chrono::steady_clock::now();
  Report report = Simulation(*plan, fidelity, options.seed).run();
  auto wall = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - started);
  if (report.verdict != Verdict::pass) {
    fmt::print("{}\nrepeat with: nym-sim run {} --seed {} --fidelity {}\n", report.violation, options.plan,
               options.seed, to_string(fidelity));
  }
  fmt::print(
      "verdict={} scenario={} seed={} fidelity={} events={} packets={} simsec={}.{:03} wall_ms={} fingerprint={}\n",
      to_string(report.verdict), plan->name, options.seed, to_string(fidelity), report.events, report.packets,
      report.simulated.whole_seconds(), report.simulated.whole_ms() % 1'000, wall.count(), report.fingerprint);
  return exit_code(report.verdict);
}

}  // namespace nym::sim
