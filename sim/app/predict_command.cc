#include <fmt/format.h>

#include <memory>

#include "sim/app/commands.h"
#include "sim/app/scenario.h"
#include "sim/app/subject_options.h"
#include "sim/app/sweep_commands.h"
#include "sim/validate/chapter.h"

namespace nym::sim {
namespace {

struct PredictArguments {
  SubjectOptions subject;
  ValidationSettings settings;
  OutputForm form = OutputForm::text;
};

void print_table(const Validation& validation) {
  fmt::print("{:<20} {:>8} {:>13} {:>13} {:>11}  {:<8} {}\n", "figure", "unit", "predicted", "simulated", "± 99 %", "",
             "theory");
  for (const auto& one : validation.comparisons) {
    fmt::print("{:<20} {:>8} {:>13.6g} {:>13.6g} {:>10.2g}  {:<8} {}\n", one.predicted.name, one.predicted.unit,
               one.predicted.value, one.mean, one.interval, one.is_within() ? "within" : "outside",
               one.predicted.theory);
  }
  for (const auto& what : validation.silent_about) fmt::print("not predicted: {}\n", what);
}

int run_predict(const PredictArguments& arguments) {
  auto subject = read_subject(arguments.subject);
  if (!subject) return refuse(subject.error());
  auto plan = plan_of(*subject, arguments.settings.first_seed, scenario_folder());
  if (!plan) return refuse(plan.error());
  auto validation = validate(*plan, arguments.settings);
  if (!validation) return refuse(validation.error());
  if (arguments.form == OutputForm::json) {
    fmt::print("{}\n", to_json(*validation));
  } else {
    print_table(*validation);
  }
  return 0;
}

struct ChapterArguments {
  ValidationSettings settings;
  std::uint64_t agreement_seeds = 10;
};

int run_chapter(const ChapterArguments& arguments) {
  auto chapter = validation_chapter(arguments.settings, arguments.agreement_seeds);
  if (!chapter) return refuse(chapter.error());
  fmt::print("{}", *chapter);
  return 0;
}

}  // namespace

Command validate_command(CLI::App& app) {
  auto arguments = std::make_shared<ChapterArguments>();
  auto* command = app.add_subcommand("validate", "print the figures of docs/simulator-validation.md as Markdown");
  command->add_option("--seed", arguments->settings.first_seed, "the first of the seeds")->capture_default_str();
  command->add_option("--replications", arguments->settings.runs, "simulations of each plan")
      ->check(CLI::Range(2U, 10'000U))
      ->capture_default_str();
  command->add_option("--agreement-seeds", arguments->agreement_seeds, "runs in both fidelities")
      ->check(CLI::Range(1U, 100'000U))
      ->capture_default_str();
  return {command, [=] { return run_chapter(*arguments); }};
}

Command predict_command(CLI::App& app) {
  auto arguments = std::make_shared<PredictArguments>();
  auto* command = app.add_subcommand("predict", "hold what theory says of a scenario against simulations of it");
  add_subject_options(*command, arguments->subject);
  command->add_option("--seed", arguments->settings.first_seed, "the first of the runs' seeds")->capture_default_str();
  command->add_option("--replications", arguments->settings.runs, "simulations, each with the next seed")
      ->check(CLI::Range(2U, 10'000U))
      ->capture_default_str();
  command->add_flag_callback("--json", [=] { arguments->form = OutputForm::json; }, "as JSON");
  return {command, [=] { return run_predict(*arguments); }};
}

}  // namespace nym::sim
