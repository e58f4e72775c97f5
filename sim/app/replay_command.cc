#include <fmt/format.h>

#include <memory>

#include "sim/app/scenario.h"
#include "sim/app/subject_options.h"
#include "sim/app/sweep_commands.h"
#include "sim/sweep/record_file.h"
#include "sim/sweep/run_apart.h"

namespace nym::sim {
namespace {

struct ReplayArguments {
  SubjectOptions subject;
  std::optional<std::uint64_t> seed;
};

/// The run that is asked for; else the first that failed, or the first of all.
Result<RunRecord> choose(const std::string& file, std::optional<std::uint64_t> seed) {
  NYM_TRY(auto records, read_records(file));
  const RunRecord* chosen = nullptr;
  for (const auto& record : records) {
    if (seed && record.seed != *seed) continue;
    bool is_first_failure =
        chosen != nullptr && chosen->verdict == RunVerdict::pass && record.verdict != RunVerdict::pass;
    if (chosen == nullptr || is_first_failure) chosen = &record;
  }
  if (chosen != nullptr) return *chosen;
  auto which = seed ? fmt::format("a run with seed {}", *seed) : std::string("any run");
  return fail(SimError::bad_record, fmt::format("{} does not record {}", file, which));
}

void print_run(const RunRecord& record) {
  for (const auto& finding : record.findings) fmt::print("{}\n", finding.text);
  fmt::print("verdict={} seed={} fidelity={} events={} packets={} fingerprint={}\n", to_string(record.verdict),
             record.seed, to_string(record.fidelity), record.events, record.packets, record.fingerprint);
}

int replay_record(const RunRecord& before, int interrupt) {
  RunOrder order{subject_of(before), before.seed, before.fidelity, before.checks};
  auto again = run_apart(order, scenario_folder(), kReplayLimit, interrupt);
  if (!again) return refuse(again.error());
  if (before.engine != again->engine) {
    fmt::print("the record is of engine {}, this is {}: it may come out differently\n", before.engine, again->engine);
  }
  if (before.plan_hash != again->plan_hash) fmt::print("the plan is not the same as then\n");
  // The verdict of a comparison is found again only by comparing.
  bool is_same = before.fingerprint == again->fingerprint && before.verdict == again->verdict;
  fmt::print("{}\n", is_same ? "as recorded"
                             : fmt::format("not as recorded: that was verdict {}, fingerprint {}",
                                           to_string(before.verdict), before.fingerprint));
  print_run(*again);
  return exit_code_of(is_same ? again->verdict : RunVerdict::nondeterminism);
}

int replay_plan(const SubjectOptions& options, std::uint64_t seed, int interrupt) {
  auto subject = read_subject(options);
  if (!subject) return refuse(subject.error());
  RunOrder order{*std::move(subject), seed, fidelity_from(options.fidelity), {.twice = client::Switch::on}};
  auto record = run_apart(order, scenario_folder(), kReplayLimit, interrupt);
  if (!record) return refuse(record.error());
  print_run(*record);
  return exit_code_of(record->verdict);
}

int replay(const ReplayArguments& arguments) {
  auto interrupt = watch_for_interrupts();
  if (!interrupt) return refuse(interrupt.error());
  if (!arguments.subject.plan.ends_with(".jsonl")) {
    if (arguments.seed) return replay_plan(arguments.subject, *arguments.seed, interrupt->get());
    return refuse({SimError::bad_text, "which run? give --seed N"});
  }
  auto record = choose(arguments.subject.plan, arguments.seed);
  if (!record) return refuse(record.error());
  return replay_record(*record, interrupt->get());
}

}  // namespace

Command replay_command(CLI::App& app) {
  auto* command = app.add_subcommand("replay", "repeat a recorded run, or run a plan twice, and compare fingerprints");
  auto arguments = std::make_shared<ReplayArguments>();
  add_subject_options(*command, arguments->subject);
  command->get_option("plan")->description("a file of records (.jsonl), a scenario's name, or a plan");
  command->add_option("--seed", arguments->seed, "which run; of records by default the first that failed");
  return {command, [arguments] { return replay(*arguments); }};
}

}  // namespace nym::sim
