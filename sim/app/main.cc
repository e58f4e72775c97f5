#include <CLI/CLI.hpp>

#include "sim/app/commands.h"
#include "sim/app/sweep_commands.h"

namespace nym::sim {
namespace {

void add_outputs(CLI::App& run, RunOptions& options) {
  run.add_option("--report", options.report, "write a page for a browser (FILE.html)");
  run.add_option("--csv", options.csv, "write all figures and series (FILE.csv)");
  run.add_option("--trace", options.trace, "write what happens (FILE.jsonl), or what is on links (FILE.pcapng)");
  run.add_flag_callback("--json", [&options] { options.form = OutputForm::json; }, "print the whole result as JSON");
  run.add_flag_callback("--quiet", [&options] { options.talk = Talk::quiet; }, "show no progress");
}

int main_of(int argc, char** argv) {
  CLI::App app{"nym-sim: whole mixnets in virtual time, reproducible from a seed"};
  app.require_subcommand(1);
  app.footer(
      "examples:\n  nym-sim list\n  nym-sim run hello --seed 7 --fidelity model\n  nym-sim check my-plan.toml\n"
      "  nym-sim sweep --profile swarm --count 1000 --out runs.jsonl\n\n"
      "environment:\n  NYM_SIM_SCENARIOS  a folder with further scenarios");
  RunOptions options;
  std::string plan;
  bool as_json = false;
  auto* list = app.add_subcommand("list", "show the scenarios");
  list->add_flag("--json", as_json, "as JSON");
  auto* check = app.add_subcommand("check", "check a plan and print it with all defaults");
  check->add_option("plan", plan, "a scenario's name, or a file")->required();
  check->add_flag("--json", as_json, "as JSON");
  auto* schema = app.add_subcommand("schema", "print the JSON Schema of plans");
  auto* reference = app.add_subcommand("reference", "print what every key of a plan means, in Markdown");
  auto* run = app.add_subcommand("run", "run a scenario; the last line is for machines");
  add_subject_options(*run, options.subject);
  run->add_option("--seed", options.seed, "what every random choice follows from")->capture_default_str();
  run->add_option("--threads", options.threads, "for the cryptography of real fidelity; changes no result")
      ->check(CLI::Range(1U, kMostThreads))
      ->capture_default_str();
  add_outputs(*run, options);
  const Command many_runs[] = {sweep_command(app), report_command(app),  replay_command(app),  shrink_command(app),
                               bench_command(app), predict_command(app), validate_command(app)};
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 1;
  }
  auto form = as_json ? OutputForm::json : OutputForm::text;
  if (list->parsed()) return list_command(form);
  if (check->parsed()) return check_command(plan, form);
  if (schema->parsed()) return schema_command();
  if (reference->parsed()) return reference_command();
  for (const auto& command : many_runs) {
    if (command.app->parsed()) return command.run();
  }
  return run_command(options);
}

}  // namespace
}  // namespace nym::sim

int main(int argc, char** argv) {
  return nym::sim::main_of(argc, argv);
}
