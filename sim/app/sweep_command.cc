#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <memory>

#include "sim/app/scenario.h"
#include "sim/app/subject_options.h"
#include "sim/app/sweep_commands.h"
#include "sim/grammar/quantity.h"
#include "sim/sweep/summary.h"
#include "sim/sweep/sweep.h"

namespace nym::sim {
namespace {

struct SweepArguments {
  SubjectOptions subject;
  std::string seeds;
  std::uint64_t count = 0;
  std::size_t jobs = 0;
  std::string budget;
  std::string run_limit = "120s";
  std::string shard = "1/1";
  std::string out;
  std::string twice = "0%";
  std::vector<std::string> vary;
  std::uint64_t replications = 0;
  std::size_t latin = 0;
  std::string csv;
  bool both_fidelities = false;
  bool keep_going = false;
  bool json = false;
};

std::optional<std::string> variable(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  return value == nullptr ? std::nullopt : std::optional<std::string>(value);
}

std::size_t processors() {
  return static_cast<std::size_t>(std::max(1L, ::sysconf(_SC_NPROCESSORS_ONLN)));
}

client::Switch switch_of(bool on) {
  return on ? client::Switch::on : client::Switch::off;
}

/// `2` and `2%` are the same, in hundredths of a percent.
Result<std::uint32_t> read_percent(std::string text) {
  if (!text.ends_with('%')) text += '%';
  NYM_TRY(auto fraction, parse_fraction(text));
  return static_cast<std::uint32_t>((fraction.parts * 10'000 + (std::uint64_t{1} << 31U)) >> 32U);
}

Result<std::vector<Point>> read_points(const SweepArguments& arguments, std::uint64_t seed) {
  std::vector<Axis> axes;
  for (const auto& text : arguments.vary) {
    NYM_TRY(auto axis, parse_axis(text));
    axes.push_back(std::move(axis));
  }
  return arguments.latin > 0 ? latin_hypercube(axes, arguments.latin, seed) : grid(axes);
}

Result<void> read_seeds(const SweepArguments& arguments, SweepOptions& options) {
  auto count = arguments.replications > 0 ? arguments.replications : arguments.count;
  if (count > 0) options.seeds = count;
  if (!arguments.seeds.empty()) {
    NYM_TRY(auto range, parse_seed_range(arguments.seeds));
    options.first_seed = range.first;
    if (count == 0) options.seeds = range.count;
  }
  if (options.seeds || options.budget) return {};
  return fail(SimError::bad_text, "how many runs? give --seeds A..B, --count N, --replications N or --budget TIME");
}

Result<SweepOptions> read_options(const SweepArguments& arguments) {
  SweepOptions options;
  NYM_TRY(options.subject, read_subject(arguments.subject));
  options.fidelity = fidelity_from(arguments.subject.fidelity);
  if (!arguments.budget.empty()) {
    NYM_TRY(options.budget, parse_duration(arguments.budget));
  }
  NYM_TRY(options.run_limit, parse_duration(arguments.run_limit));
  NYM_TRY_VOID(read_seeds(arguments, options));
  NYM_TRY(options.points, read_points(arguments, options.first_seed));
  NYM_TRY(options.shard, parse_shard(arguments.shard, variable));
  NYM_TRY(options.twice, read_percent(arguments.twice));
  options.both_fidelities = switch_of(arguments.both_fidelities);
  options.keep_going = switch_of(arguments.keep_going || !arguments.vary.empty());
  options.jobs = arguments.jobs > 0 ? arguments.jobs : processors();
  options.out = arguments.out;
  return options;
}

/// One line on a terminal, drawn over and over.
class ProgressLine {
 public:
  void show(const Sweep::Progress& progress) {
    if (!is_terminal_) return;
    constexpr std::uint64_t kWidth = 24;
    std::string bar;
    auto rate = static_cast<std::uint64_t>(progress.elapsed_ms) / std::max<std::uint64_t>(progress.done, 1);
    if (progress.total && *progress.total > 0) {
      auto full = progress.done * kWidth / *progress.total;
      bar = fmt::format("[{:#<{}}{:.<{}}] {}/{}", "", full, "", kWidth - full, progress.done, *progress.total);
      auto left = (*progress.total - progress.done) * rate / 1'000;
      bar += fmt::format("  {} min {:02} s left", left / 60, left % 60);
    } else {
      bar = fmt::format("{} runs", progress.done);
    }
    fmt::print(stderr, "\r\x1b[K{}{}", bar,
               progress.failures > 0 ? fmt::format("  {} failed", progress.failures) : std::string());
    is_drawn_ = true;
  }
  ~ProgressLine() {
    if (is_drawn_) fmt::print(stderr, "\r\x1b[K");
  }

 private:
  bool is_terminal_ = ::isatty(STDERR_FILENO) != 0;
  bool is_drawn_ = false;
};

void tell_end(const SweepOutcome& outcome) {
  switch (outcome.end) {
    case SweepEnd::complete:
      return;
    case SweepEnd::budget_over:
      fmt::print(stderr, "nym-sim: the budget is used up\n");
      return;
    case SweepEnd::enough_failures:
      fmt::print(stderr, "nym-sim: ended after {} failures; --keep-going goes on\n", kEnoughFailures);
      return;
    case SweepEnd::interrupted:
      fmt::print(stderr, "nym-sim: interrupted; the runs that were over are kept\n");
      return;
    case SweepEnd::harness_failed:
      fmt::print(stderr, "nym-sim: {}\n", outcome.why);
      return;
  }
}

bool write_csv(const std::string& path, const Summary& summary) {
  if (path.empty()) return true;
  std::ofstream file(path, std::ios::binary);
  file << summary.csv();
  file.close();
  if (file) return true;
  fmt::print(stderr, "nym-sim: can not write {}\n", path);
  return false;
}

int exit_code(const SweepOutcome& outcome, const Summary& summary) {
  if (outcome.end == SweepEnd::interrupted) return kInterruptedExit;
  if (outcome.end == SweepEnd::harness_failed) return kHarnessExit;
  return exit_code_of(summary.worst());
}

int run_sweep(const SweepArguments& arguments) {
  auto options = read_options(arguments);
  if (!options) return refuse(options.error());
  auto interrupt = watch_for_interrupts();
  if (!interrupt) return refuse(interrupt.error());
  Summary summary;
  SweepOutcome outcome;
  {
    ProgressLine line;
    std::int64_t elapsed_ms = 0;
    Sweep sweep(*std::move(options), scenario_folder(),
                {.on_record = [&](const RunRecord& record) { summary.add(record); },
                 .on_progress =
                     [&](const Sweep::Progress& progress) {
                       elapsed_ms = progress.elapsed_ms;
                       line.show(progress);
                     }});
    if (auto ready = sweep.prepare(); !ready) return refuse(ready.error());
    outcome = sweep.run(interrupt->get());
    summary.set_elapsed_ms(elapsed_ms);
  }
  if (arguments.json) {
    fmt::print("{}", print_document(summary.json(), Syntax::json));
  } else {
    if (summary.has_points()) fmt::print("{}\n", summary.table());
    fmt::print("{}", summary.text());
  }
  tell_end(outcome);
  if (!write_csv(arguments.csv, summary)) return kHarnessExit;
  return exit_code(outcome, summary);
}

}  // namespace

Command sweep_command(CLI::App& app) {
  auto* command = app.add_subcommand("sweep", "run many seeds; every failing one is told with a command to repeat it");
  auto arguments = std::make_shared<SweepArguments>();
  add_subject_options(*command, arguments->subject);
  command->add_option("--seeds", arguments->seeds, "A..B, both included");
  command->add_option("--count", arguments->count, "so many seeds, from 1 or from the A of --seeds");
  command->add_option("--budget", arguments->budget, "begin no run after this time: 10m");
  command->add_option("--jobs", arguments->jobs, "runs at once; default: one for each processor");
  command->add_option("--run-limit", arguments->run_limit, "a run that takes longer counts as a crash")
      ->capture_default_str();
  command
      ->add_option("--shard", arguments->shard,
                   "I/N: each N-th run, from the I-th; auto: as Slurm's array says; auto/N: also as Kubernetes or "
                   "GNU parallel say")
      ->capture_default_str();
  command->add_option("--out", arguments->out, "file of records; runs that are there already are not repeated");
  command->add_option("--twice", arguments->twice, "percent of the seeds that run twice, to compare fingerprints");
  command->add_flag("--both-fidelities", arguments->both_fidelities,
                    "run each seed in model and real fidelity, to compare fingerprints");
  command->add_option("--vary", arguments->vary, "KEY=FROM:TO:STEPS or KEY=a,b,c; several make a grid")
      ->allow_extra_args(false);
  command->add_option("--replications", arguments->replications, "seeds at each point");
  command->add_option("--latin", arguments->latin, "so many points of a Latin hypercube instead of the grid");
  command->add_option("--csv", arguments->csv, "write the figures of all points to this file");
  command->add_flag("--keep-going", arguments->keep_going, "do not end after 10 failures");
  command->add_flag("--json", arguments->json, "print the summary as JSON");
  return {command, [arguments] { return run_sweep(*arguments); }};
}

}  // namespace nym::sim
