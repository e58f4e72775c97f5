#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <memory>

#include "sim/app/commands.h"
#include "sim/app/progress.h"
#include "sim/app/scenario.h"
#include "sim/app/terminal.h"
#include "sim/record/output_file.h"
#include "sim/report/report.h"
#include "sim/trace/trace.h"

namespace nym::sim {
namespace {

std::atomic<bool> interrupt_asked{false};
static_assert(std::atomic<bool>::is_always_lock_free);

/// The first one ends the run in good order, the second one the program.
extern "C" void ask_to_interrupt(int signal) {
  interrupt_asked = true;
  std::signal(signal, SIG_DFL);
}

int exit_code(const RunResult& result) {
  if (result.interrupted) return kInterruptedExit;
  switch (result.verdict()) {
    case Verdict::pass:
      return 0;
    case Verdict::safety:
      return 2;
    case Verdict::liveness:
      return 3;
  }
  return kHarnessExit;
}

std::uint64_t per_second(std::uint64_t count, std::int64_t ms) {
  return count * 1'000 / static_cast<std::uint64_t>(std::max<std::int64_t>(ms, 1));
}

std::string text_of(const RunOptions& options, const Plan& plan, const RunResult& result, const RunFacts& facts) {
  if (options.form == OutputForm::json) return result_json(plan, result, facts) + "\n";
  std::string text;
  for (const auto& violation : result.violations) {
    text += in_color(Stream::output, Tint::bad, violation.text) + "\n";
  }
  if (result.verdict() != Verdict::pass) text += fmt::format("repeat with: {}\n", facts.repeat);
  text += fmt::format(
      "verdict={} scenario={} seed={} fidelity={} events={} packets={} simsec={}.{:03} wall_ms={} packets_per_s={} "
      "fingerprint={}\n",
      verdict_name(result), plan.name, facts.seed, to_string(facts.fidelity), result.events, result.packets,
      result.simulated.whole_seconds(), result.simulated.whole_ms() % 1'000, facts.wall_ms, facts.packets_per_s,
      result.fingerprint);
  return text;
}

Result<void> print(const std::string& text) {
  if (std::fwrite(text.data(), 1, text.size(), stdout) == text.size() && std::fflush(stdout) == 0) return {};
  return fail(SimError::cannot_write, "can not write to the standard output");
}

/// Whatever fails, the rest is written all the same; the first failure is what counts.
Result<void> write_results(const RunOptions& options, const Plan& plan, const RunResult& result, const RunFacts& facts,
                           Trace* trace) {
  Result<void> outcome;
  auto note = [&](Result<void> written) {
    if (!written && outcome) outcome = std::move(written);
  };
  if (trace != nullptr) note(trace->finish());
  if (!options.report.empty()) note(write_report(options.report, plan, result, facts));
  if (!options.csv.empty()) note(write_csv(options.csv, result.measurements));
  note(print(text_of(options, plan, result, facts)));
  return outcome;
}

Result<void> can_write(const std::string& path) {
  NYM_TRY(auto unused, OutputFile::create(path));
  static_cast<void>(unused);
  return {};
}

/// Those who look on because of options.
struct Onlookers {
  std::unique_ptr<Trace> trace;
  std::unique_ptr<Observer> progress;

  std::vector<Observer*> all() const {
    std::vector<Observer*> list;
    if (trace) list.push_back(trace.get());
    if (progress) list.push_back(progress.get());
    return list;
  }
};

/// What can not be written is said before a long run, not after it.
Result<Onlookers> onlookers_of(const RunOptions& options, const Plan& plan) {
  Onlookers onlookers;
  for (const auto* path : {&options.report, &options.csv}) {
    if (!path->empty()) NYM_TRY_VOID(can_write(*path));
  }
  if (!options.trace.empty()) {
    NYM_TRY(onlookers.trace, open_trace(options.trace));
  }
  if (options.talk == Talk::usual) onlookers.progress = make_progress(plan.time_limit);
  return onlookers;
}

}  // namespace

int run_command(const RunOptions& options) {
  auto subject = read_subject(options.subject);
  if (!subject) return refuse(subject.error());
  auto plan = plan_of(*subject, options.seed, scenario_folder());
  if (!plan) return refuse(plan.error());
  auto onlookers = onlookers_of(options, *plan);
  if (!onlookers) return refuse(onlookers.error());
  auto fidelity = fidelity_from(options.subject.fidelity).value_or(plan->fidelity);
  for (int signal : {SIGINT, SIGTERM}) std::signal(signal, ask_to_interrupt);
  auto started = std::chrono::steady_clock::now();
  auto result = run_plan(*plan, {.fidelity = fidelity,
                                 .seed = options.seed,
                                 .threads = options.threads,
                                 .observers = onlookers->all(),
                                 .interrupt = &interrupt_asked});
  auto wall = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - started);
  onlookers->progress.reset();
  RunFacts facts{options.seed, fidelity, repeat_command(*subject, options.seed, fidelity), wall.count(),
                 per_second(result.packets, wall.count())};
  if (auto written = write_results(options, *plan, result, facts, onlookers->trace.get()); !written) {
    return refuse(written.error());
  }
  return exit_code(result);
}

}  // namespace nym::sim
