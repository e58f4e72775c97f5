#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <iostream>

#include "sim/network/simulation.h"
#include "sim/plan/builtin.h"

namespace nym::sim {
namespace {

// Exit codes: 0 pass, 1 usage, 2 safety, 3 liveness.
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

struct RunOptions {
  std::string scenario;
  std::uint64_t seed = 1;
  std::string fidelity = "real";
};

int list_scenarios() {
  for (const auto& plan : builtin_plans()) fmt::print("{:<12} {}\n", plan.name, plan.description);
  return 0;
}

int run_scenario(const RunOptions& options) {
  const Plan* plan = find_builtin_plan(options.scenario);
  if (plan == nullptr) {
    fmt::print(stderr, "nym-sim: no scenario is called '{}'; 'nym-sim list' shows those there are\n", options.scenario);
    return 1;
  }
  auto started = std::chrono::steady_clock::now();
  Report report = Simulation(*plan, *fidelity_from(options.fidelity), options.seed).run();
  auto wall = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - started);
  if (report.verdict != Verdict::pass) {
    fmt::print("{}\nrepeat with: nym-sim run {} --seed {} --fidelity {}\n", report.violation, options.scenario,
               options.seed, options.fidelity);
  }
  fmt::print(
      "verdict={} scenario={} seed={} fidelity={} events={} packets={} simsec={}.{:03} wall_ms={} fingerprint={}\n",
      to_string(report.verdict), plan->name, options.seed, options.fidelity, report.events, report.packets,
      report.simulated.whole_seconds(), report.simulated.whole_ms() % 1'000, wall.count(), report.fingerprint);
  return exit_code(report.verdict);
}

int main_of(int argc, char** argv) {
  CLI::App app{"nym-sim: whole mixnets in virtual time, reproducible from a seed"};
  app.require_subcommand(1);
  app.footer("examples:\n  nym-sim list\n  nym-sim run hello --seed 7 --fidelity model");
  RunOptions options;
  auto* list = app.add_subcommand("list", "show the scenarios");
  auto* run = app.add_subcommand("run", "run a scenario; the last line is for machines");
  run->add_option("scenario", options.scenario, "its name")->required();
  run->add_option("--seed", options.seed, "what every random choice follows from")->capture_default_str();
  run->add_option("--fidelity", options.fidelity, "real: all cryptography; model: only what it decides")
      ->check(CLI::IsMember({"real", "model"}))
      ->capture_default_str();
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 1;
  }
  return list->parsed() ? list_scenarios() : run_scenario(options);
}

}  // namespace
}  // namespace nym::sim

int main(int argc, char** argv) {
  return nym::sim::main_of(argc, argv);
}
