#include <fmt/format.h>

#include <fstream>
#include <memory>

#include "sim/app/scenario.h"
#include "sim/app/subject_options.h"
#include "sim/app/sweep_commands.h"
#include "sim/grammar/quantity.h"
#include "sim/sweep/plan_edits.h"
#include "sim/sweep/run_apart.h"
#include "sim/sweep/wall_clock.h"

namespace nym::sim {
namespace {

struct ShrinkArguments {
  SubjectOptions subject;
  std::uint64_t seed = 1;
  std::string out;
  std::string budget = "2m";
  std::string run_limit = "30s";
};

/// A failing run and how its variants are run.
class Shrinking {
 public:
  Shrinking(RunOrder order, std::chrono::milliseconds limit, int interrupt)
      : order_(std::move(order)), limit_(limit), interrupt_(interrupt) {}

  /// A variant that takes much longer than the original is not waited for.
  Result<RunRecord> first(const Plan& plan) {
    order_.fidelity = order_.fidelity.value_or(plan.fidelity);
    auto record = run_apart(order_, plan, limit_, interrupt_);
    bool came_to_an_end = record && record->fingerprint.size() > 0;
    if (came_to_an_end) limit_ = std::min(limit_, std::chrono::milliseconds(5'000 + 5 * record->wall_ms));
    return record;
  }
  std::optional<FailureKind> fails(const Plan& plan, std::uint64_t seed) const {
    auto order = order_;
    order.seed = seed;
    auto record = run_apart(order, plan, limit_, interrupt_);
    return record ? failure_kind(*record) : std::nullopt;
  }
  std::optional<std::vector<PlannedMessage>> messages(const Plan& plan) const {
    return messages_of_run(plan, order_.seed, *order_.fidelity, limit_, interrupt_);
  }
  const RunOrder& order() const { return order_; }

 private:
  RunOrder order_;
  std::chrono::milliseconds limit_;
  int interrupt_;
};

std::string file_text(const Shrunk& shrunk, const RunRecord& original, const std::string& file) {
  std::string said = original.findings.empty() ? "" : original.findings.front().text;
  std::replace(said.begin(), said.end(), '\n', ' ');
  return fmt::format(
      "# What is left of a failing run ({}), of engine {}.\n"
      "# It was: {}\n"
      "# verdict {}: {}\n"
      "# Repeat with: nym-sim run {} --seed {} --fidelity {}\n{}",
      describe_size(shrunk.plan), original.engine, original.repeat, to_string(shrunk.kind.verdict), said, file,
      shrunk.seed, to_string(original.fidelity), print_briefly(shrunk.plan));
}

int tell(const Shrunk& shrunk, const RunRecord& original, const std::string& out) {
  auto name = out.empty() ? std::string("shrunk.toml") : out;
  bool is_bare = name.find('/') == std::string::npos && !name.ends_with(".toml");
  auto text = file_text(shrunk, original, is_bare ? "./" + name : name);
  if (out.empty()) {
    fmt::print("{}", text);
  } else {
    std::ofstream file(out, std::ios::binary);
    file << text;
    file.close();
    if (!file) return refuse({SimError::harness, fmt::format("can not write {}", out)});
    fmt::print("run it with: nym-sim run {} --seed {} --fidelity {}\n", is_bare ? "./" + name : name, shrunk.seed,
               to_string(original.fidelity));
  }
  fmt::print("left: {}; verdict={} tries={}\n", describe_size(shrunk.plan), to_string(shrunk.kind.verdict),
             shrunk.tries);
  return 0;
}

int shrink_run(const ShrinkArguments& arguments) {
  auto subject = read_subject(arguments.subject);
  if (!subject) return refuse(subject.error());
  auto budget = parse_duration(arguments.budget);
  if (!budget) return refuse(budget.error());
  auto limit = parse_duration(arguments.run_limit);
  if (!limit) return refuse(limit.error());
  auto plan = plan_of(*subject, arguments.seed, scenario_folder());
  if (!plan) return refuse(plan.error());
  auto interrupt = watch_for_interrupts();
  if (!interrupt) return refuse(interrupt.error());
  Shrinking runs({*subject, arguments.seed, fidelity_from(arguments.subject.fidelity), {}},
                 std::chrono::milliseconds(limit->whole_ms()), interrupt->get());
  auto original = runs.first(*plan);
  if (!original) return refuse(original.error());
  if (original->verdict == RunVerdict::pass) {
    return refuse({SimError::bad_plan, fmt::format("nothing to shrink: {} passes", original->repeat)});
  }
  auto deadline = wall_clock_ms() + budget->whole_ms();
  ShrinkOptions options;
  options.seed = arguments.seed;
  options.fails = [&](const Plan& one, std::uint64_t seed) { return runs.fails(one, seed); };
  options.list_messages = [&](const Plan& one) { return runs.messages(one); };
  options.is_over = [&] { return wall_clock_ms() >= deadline || is_interrupted(interrupt->get()); };
  options.on_progress = [](const Plan& one, std::size_t tries) {
    fmt::print(stderr, "try {}: {}\n", tries, describe_size(one));
  };
  auto shrunk = shrink(*plan, options);
  if (!shrunk) return refuse({SimError::harness, "the run does not fail the same way each time; see nym-sim replay"});
  return tell(*shrunk, *original, arguments.out);
}

}  // namespace

Command shrink_command(CLI::App& app) {
  auto* command = app.add_subcommand("shrink", "find a smallest plan that still fails in the same way");
  auto arguments = std::make_shared<ShrinkArguments>();
  add_subject_options(*command, arguments->subject);
  command->add_option("--seed", arguments->seed, "of the failing run")->capture_default_str();
  command->add_option("--out", arguments->out, "write the plan to this file");
  command->add_option("--budget", arguments->budget, "end after this time with what there is")->capture_default_str();
  command->add_option("--run-limit", arguments->run_limit, "a run that takes longer hangs")->capture_default_str();
  return {command, [arguments] { return shrink_run(*arguments); }};
}

}  // namespace nym::sim
