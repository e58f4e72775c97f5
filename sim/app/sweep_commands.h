#pragma once

#include <CLI/CLI.hpp>
#include <functional>

namespace nym::sim {

/// A command of nym-sim and what it does once its arguments are read.
struct Command {
  CLI::App* app = nullptr;
  std::function<int()> run;
};

// Many runs. Exit codes: 0 pass, 1 usage, 2 safety, 3 liveness, 4 crash, 5 nondeterminism, 70 the harness, 130
// interrupted; the worst that was found decides.
Command sweep_command(CLI::App& app);
Command report_command(CLI::App& app);
Command replay_command(CLI::App& app);
Command shrink_command(CLI::App& app);
/// How fast the simulator is here.
Command bench_command(CLI::App& app);
/// What theory says of a scenario, beside what simulations show.
Command predict_command(CLI::App& app);
/// The chapter on validation.
Command validate_command(CLI::App& app);

}  // namespace nym::sim
