#pragma once

#include <map>

#include "sim/sweep/subject.h"
#include "sim/sweep/vary.h"
#include "sim/sweep/workers.h"

namespace nym::sim {

/// The part of the runs that this process does: each `count`-th, beginning with `index` (from 0).
struct Shard {
  std::uint64_t index = 0;
  std::uint64_t count = 1;
};
using Environment = std::function<std::optional<std::string>(const std::string& name)>;
/// `2/8` is the second of eight. `auto` is what Slurm says of the task in its array; `auto/8` also what a Kubernetes
/// indexed job or GNU parallel say, which do not tell the number. Error: bad_text.
Result<Shard> parse_shard(const std::string& text, const Environment& environment);

/// `3..17`, both included. Error: bad_text.
struct SeedRange {
  std::uint64_t first = 1;
  std::uint64_t count = 1;
};
Result<SeedRange> parse_seed_range(std::string_view text);
/// Whether a run with this seed is done twice, in hundredths of a percent of all seeds.
bool is_done_twice(std::uint64_t seed, std::uint32_t hundredths_of_percent);

struct SweepOptions {
  Subject subject;
  std::vector<Point> points{{}};
  std::uint64_t first_seed = 1;
  std::optional<std::uint64_t> seeds;  ///< at each point; none: until the budget is over
  std::optional<Fidelity> fidelity;
  std::uint32_t twice = 0;  ///< hundredths of a percent of the seeds
  client::Switch both_fidelities = client::Switch::off;
  client::Switch keep_going = client::Switch::off;
  Shard shard;
  std::size_t jobs = 1;
  std::optional<Duration> budget;  ///< no run begins after it
  Duration run_limit = Duration::seconds(120);
  std::string out;  ///< file of records; empty: none
};
inline constexpr std::uint64_t kEnoughFailures = 10;  ///< then a sweep that does not keep going ends

enum class SweepEnd : std::uint8_t {
  complete,
  budget_over,
  enough_failures,
  interrupted,
  harness_failed  ///< why is told beside it
};
struct SweepOutcome {
  SweepEnd end = SweepEnd::complete;
  std::string why{};
};

/// Many runs of one subject, in several processes.
class Sweep {
 public:
  struct Progress {
    std::uint64_t done = 0;
    std::optional<std::uint64_t> total;  ///< of this shard
    std::uint64_t failures = 0;
    std::int64_t elapsed_ms = 0;
  };
  struct Listener {
    /// A run is over; or it was found in the file of records.
    std::function<void(const RunRecord&)> on_record;
    std::function<void(const Progress&)> on_progress;
  };

  Sweep(SweepOptions options, ScenarioFolder folder, Listener listener);
  /// Loads the plans and reads what is there already. Errors: those of plans and records; harness.
  Result<void> prepare();
  /// Once, after prepare.
  SweepOutcome run(int interrupt);

 private:
  struct Job {
    std::size_t point = 0;
    std::uint64_t seed = 0;
  };

  std::optional<std::uint64_t> total() const;
  std::optional<Job> next_job();
  RunOrder order_of(Job job) const;
  bool take_known(Job job);
  std::string work(std::string_view request, const WorkerPool::Emit& emit) const;
  Result<void> on_answer(const Answer& answer);
  Result<void> on_answers(const std::vector<Answer>& answers);
  void count(const RunRecord& record);
  std::optional<SweepEnd> end_early() const;
  std::int64_t elapsed_ms() const;

  SweepOptions options_;
  ScenarioFolder folder_;
  Listener listener_;
  std::vector<Plan> plans_;  ///< of the points, unless a profile draws them
  std::map<std::string, RunRecord> known_;
  std::optional<RecordFile> file_;
  std::uint64_t next_index_ = 0;
  Progress progress_;
  std::int64_t started_ms_ = 0;
};

}  // namespace nym::sim
