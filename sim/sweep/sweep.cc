#include "sim/sweep/sweep.h"

#include <fmt/format.h>

#include <charconv>
#include <filesystem>

#include "sim/grammar/quantity.h"
#include "sim/kernel/fingerprint.h"
#include "sim/sweep/wall_clock.h"

namespace nym::sim {
namespace {

constexpr std::uint64_t kMost = std::numeric_limits<std::int64_t>::max();
constexpr std::chrono::milliseconds kBetweenLooks{200};

// The first byte of what a worker answers.
constexpr char kRecord = 'r';
constexpr char kError = 'e';

std::chrono::milliseconds milliseconds(Duration duration) {
  return std::chrono::milliseconds(duration.whole_ms());
}

Result<std::uint64_t> number_in(const Environment& environment, const std::string& name) {
  auto text = environment(name);
  if (!text) return fail(SimError::bad_text, name + " is not set");
  auto value = parse_count(*text, kMost);
  if (!value) return fail(SimError::bad_text, fmt::format("{}='{}' is no number", name, *text));
  return value;
}

Result<Shard> checked(std::uint64_t index, std::uint64_t count) {
  if (count > 0 && index < count) return Shard{index, count};
  return fail(SimError::bad_text, fmt::format("there is no shard {} of {}", index + 1, count));
}

/// What the scheduler says that started this process.
Result<Shard> shard_of_environment(const Environment& environment, std::optional<std::uint64_t> count) {
  if (environment("SLURM_ARRAY_TASK_ID")) {
    NYM_TRY(auto id, number_in(environment, "SLURM_ARRAY_TASK_ID"));
    auto first = number_in(environment, "SLURM_ARRAY_TASK_MIN").value_or(0);
    auto of = count ? Result<std::uint64_t>(*count) : number_in(environment, "SLURM_ARRAY_TASK_COUNT");
    if (!of) return std::unexpected(of.error());
    return checked(id - std::min(first, id), *of);
  }
  for (const auto& [name, first] : {std::pair("JOB_COMPLETION_INDEX", 0U), std::pair("PARALLEL_SEQ", 1U)}) {
    if (!environment(name)) continue;
    NYM_TRY(auto index, number_in(environment, name));
    if (!count) return fail(SimError::bad_text, fmt::format("{} does not tell how many there are: use auto/N", name));
    return checked(index - std::min<std::uint64_t>(first, index), *count);
  }
  return fail(SimError::bad_text,
              "neither SLURM_ARRAY_TASK_ID nor JOB_COMPLETION_INDEX nor PARALLEL_SEQ is set; use --shard I/N");
}

/// Whether a record also compared what is to be compared now.
bool covers(const RunChecks& made, const RunChecks& wanted) {
  auto has = [](client::Switch a, client::Switch b) { return a == client::Switch::on || b == client::Switch::off; };
  return has(made.twice, wanted.twice) && has(made.both_fidelities, wanted.both_fidelities);
}

}  // namespace

Result<Shard> parse_shard(const std::string& text, const Environment& environment) {
  auto slash = text.find('/');
  std::optional<std::uint64_t> count;
  if (slash != std::string::npos) {
    NYM_TRY(count, parse_count(std::string_view(text).substr(slash + 1), kMost));
  }
  if (text.substr(0, slash) == "auto") return shard_of_environment(environment, count);
  auto index = parse_count(std::string_view(text).substr(0, slash), kMost);
  if (!index || !count || *index == 0) {
    return fail(SimError::bad_text, fmt::format("'{}': expected a shard as 2/8, auto or auto/8", text));
  }
  return checked(*index - 1, *count);
}

Result<SeedRange> parse_seed_range(std::string_view text) {
  auto dots = text.find("..");
  auto bad = [&] { return fail(SimError::bad_text, fmt::format("'{}': expected seeds as 1..1000", text)); };
  if (dots == std::string_view::npos) return bad();
  auto first = parse_count(text.substr(0, dots), kMost);
  auto last = parse_count(text.substr(dots + 2), kMost);
  if (!first || !last || *last < *first) return bad();
  return SeedRange{*first, *last - *first + 1};
}

bool is_done_twice(std::uint64_t seed, std::uint32_t hundredths_of_percent) {
  Fingerprint hash;
  hash.add(seed);
  return hash.value() % 10'000 < hundredths_of_percent;
}

Sweep::Sweep(SweepOptions options, ScenarioFolder folder, Listener listener)
    : options_(std::move(options)), folder_(std::move(folder)), listener_(std::move(listener)) {}

Result<void> Sweep::prepare() {
  for (std::size_t point = 0; point < options_.points.size(); ++point) {
    auto order = order_of({point, options_.first_seed});
    NYM_TRY(auto plan, plan_of(order.subject, order.seed, folder_));
    if (!options_.subject.profile) plans_.push_back(std::move(plan));
  }
  if (options_.out.empty()) return {};
  std::error_code ignored;
  if (std::filesystem::is_regular_file(options_.out, ignored)) {
    NYM_TRY_VOID(read_records(options_.out, [&](RunRecord record) {
      auto key = run_key(record);
      known_.insert_or_assign(std::move(key), std::move(record));
    }));
  }
  NYM_TRY(file_, RecordFile::open(options_.out));
  return {};
}

std::optional<std::uint64_t> Sweep::total() const {
  if (!options_.seeds) return std::nullopt;
  auto all = *options_.seeds * options_.points.size();
  return all / options_.shard.count + (options_.shard.index < all % options_.shard.count ? 1 : 0);
}

// All points of a seed follow each other, so that every point has had as many runs when the budget is over.
std::optional<Sweep::Job> Sweep::next_job() {
  auto index = options_.shard.index + next_index_ * options_.shard.count;
  auto nth = index / options_.points.size();
  if (options_.seeds && nth >= *options_.seeds) return std::nullopt;
  ++next_index_;
  return Job{index % options_.points.size(), options_.first_seed + nth};
}

RunOrder Sweep::order_of(Job job) const {
  RunOrder order{options_.subject, job.seed, options_.fidelity, {}};
  const auto& more = options_.points[job.point];
  order.subject.settings.insert(order.subject.settings.end(), more.begin(), more.end());
  order.checks.both_fidelities = options_.both_fidelities;
  if (is_done_twice(job.seed, options_.twice)) order.checks.twice = client::Switch::on;
  return order;
}

bool Sweep::take_known(Job job) {
  if (known_.empty()) return false;
  auto order = order_of(job);
  auto found = known_.find(run_key(begin_record(order, order.subject.profile ? nullptr : &plans_[job.point])));
  if (found == known_.end() || !covers(found->second.checks, order.checks)) return false;
  count(found->second);
  known_.erase(found);
  return true;
}

std::string Sweep::work(std::string_view request, const WorkerPool::Emit& emit) const {
  Job job;
  auto space = request.find(' ');
  std::from_chars(request.data(), request.data() + space, job.point);
  std::from_chars(request.data() + space + 1, request.data() + request.size(), job.seed);
  auto order = order_of(job);
  std::optional<Plan> drawn;
  if (order.subject.profile) {
    auto plan = plan_of(order.subject, order.seed, folder_);
    if (!plan) return kError + plan.error().text();
    drawn = *std::move(plan);
  }
  const Plan& plan = drawn ? *drawn : plans_[job.point];
  auto record = begin_record(order, &plan);
  emit(print_record(record));
  perform(plan, record);
  return kRecord + print_record(record);
}

Result<void> Sweep::on_answer(const Answer& answer) {
  if (answer.end == Answer::End::answered && answer.text.starts_with(kError)) {
    return fail(SimError::bad_plan, answer.text.substr(1));
  }
  auto line = answer.end == Answer::End::answered ? std::string_view(answer.text).substr(1) : answer.partial;
  auto record = parse_record(line);
  if (answer.end == Answer::End::answered && !record) return std::unexpected(record.error());
  if (!record) {
    auto seed = parse_count(std::string_view(answer.request).substr(answer.request.find(' ') + 1), kMost).value_or(0);
    record = begin_record({options_.subject, seed, options_.fidelity, {}}, nullptr);
  }
  if (answer.end != Answer::End::answered) {
    record->findings.push_back({RunVerdict::crash, Duration(), answer.text});
    record->wall_ms = answer.wall_ms;
  }
  count(*record);
  if (!file_) return {};
  return file_->append(*record);
}

// What can not be saved is told all the same.
Result<void> Sweep::on_answers(const std::vector<Answer>& answers) {
  Result<void> all;
  for (const auto& answer : answers) {
    auto handled = on_answer(answer);
    if (all) all = std::move(handled);
  }
  return all;
}

void Sweep::count(const RunRecord& record) {
  ++progress_.done;
  if (record.verdict != RunVerdict::pass) ++progress_.failures;
  listener_.on_record(record);
}

std::int64_t Sweep::elapsed_ms() const {
  return wall_clock_ms() - started_ms_;
}

std::optional<SweepEnd> Sweep::end_early() const {
  bool enough = options_.keep_going == client::Switch::off && progress_.failures >= kEnoughFailures;
  if (enough) return SweepEnd::enough_failures;
  if (options_.budget && elapsed_ms() >= options_.budget->whole_ms()) return SweepEnd::budget_over;
  return std::nullopt;
}

SweepOutcome Sweep::run(int interrupt) {
  started_ms_ = wall_clock_ms();
  progress_.total = total();
  auto do_work = [this](std::string_view request, const WorkerPool::Emit& emit) { return work(request, emit); };
  WorkerPool pool(options_.jobs, do_work, milliseconds(options_.run_limit));
  bool is_exhausted = false;
  for (;;) {
    auto early = end_early();
    while (!early && !is_exhausted && pool.has_room()) {
      auto job = next_job();
      is_exhausted = !job;
      if (is_exhausted || take_known(*job)) continue;
      auto asked = pool.ask(fmt::format("{} {}", job->point, job->seed));
      if (!asked) return {SweepEnd::harness_failed, asked.error().text()};
    }
    if (pool.busy() == 0 && (early || is_exhausted)) return {early.value_or(SweepEnd::complete)};
    auto handled = on_answers(pool.wait(kBetweenLooks, interrupt));
    if (!handled) return {SweepEnd::harness_failed, handled.error().text()};
    progress_.elapsed_ms = elapsed_ms();
    listener_.on_progress(progress_);
    if (is_interrupted(interrupt)) return {SweepEnd::interrupted};
  }
}

}  // namespace nym::sim
