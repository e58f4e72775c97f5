#include "sim/sweep/run_apart.h"

#include <fmt/format.h>

#include <algorithm>
#include <sstream>

#include "sim/sweep/summary.h"

namespace nym::sim {
namespace {

Result<Answer> ask_once(const WorkerPool::Work& work, std::chrono::milliseconds limit, int interrupt) {
  WorkerPool pool(1, work, limit);
  NYM_TRY_VOID(pool.ask("run"));
  for (;;) {
    auto answers = pool.wait(limit, interrupt);
    if (!answers.empty()) return std::move(answers.front());
    if (is_interrupted(interrupt)) return fail(SimError::harness, "interrupted");
  }
}

/// Writes down who sends what while it happens.
class SubmissionLog final : public Observer {
 public:
  explicit SubmissionLog(const WorkerPool::Emit& emit) : emit_(emit) {}

  void on_message(TimePoint now, const MessageMoved& moved) override {
    constexpr TimePoint kStart = TimePoint() + Duration::seconds(1);
    bool is_submission = moved.step == MessageStep::submitted;
    bool is_reply = moved.message.part == MessageRef::Part::reply;
    if (!is_submission && !is_reply) return;
    emit_(fmt::format("{} {} {} {} {} {}\n", is_reply ? "reply" : "message", moved.message.number, (now - kStart).ns(),
                      moved.from, moved.to, moved.bytes));
  }

 private:
  const WorkerPool::Emit& emit_;
};

/// The most SURBs that any workload sends along.
std::uint32_t reply_surbs_of(const Plan& plan) {
  std::uint32_t most = 0;
  for (const auto& workload : plan.workloads) {
    if (const auto* one = std::get_if<MessageWorkload>(&workload.kind)) most = std::max(most, one->reply_surbs);
    if (const auto* one = std::get_if<RequestReplyWorkload>(&workload.kind)) most = std::max(most, one->reply_surbs);
  }
  return most;
}

}  // namespace

Result<RunRecord> run_apart(const RunOrder& order, const ScenarioFolder& folder, std::chrono::milliseconds limit,
                            int interrupt) {
  NYM_TRY(auto plan, plan_of(order.subject, order.seed, folder));
  return run_apart(order, plan, limit, interrupt);
}

Result<RunRecord> run_apart(const RunOrder& order, const Plan& plan, std::chrono::milliseconds limit, int interrupt) {
  auto record = begin_record(order, &plan);
  auto work = [&](std::string_view, const WorkerPool::Emit&) {
    auto mine = record;
    perform(plan, mine);
    return print_record(mine);
  };
  NYM_TRY(auto answer, ask_once(work, limit, interrupt));
  if (answer.end == Answer::End::answered) return parse_record(answer.text);
  record.findings.push_back({RunVerdict::crash, Duration(), answer.text});
  record.wall_ms = answer.wall_ms;
  return record;
}

// The texts of messages are not told: their sizes are kept.
std::optional<std::vector<PlannedMessage>> messages_of_run(const Plan& plan, std::uint64_t seed, Fidelity fidelity,
                                                           std::chrono::milliseconds limit, int interrupt) {
  auto work = [&](std::string_view, const WorkerPool::Emit& emit) {
    SubmissionLog log(emit);
    run_plan(plan, {.fidelity = fidelity, .seed = seed, .observers = {&log}});
    return std::string("over");
  };
  auto answer = ask_once(work, limit, interrupt);
  if (!answer) return std::nullopt;
  std::map<std::uint32_t, PlannedMessage> messages;
  std::istringstream lines(answer->partial);
  std::string part;
  std::uint32_t number = 0;
  std::int64_t at = 0;
  PlannedMessage message;
  message.reply_surbs = reply_surbs_of(plan);
  while (lines >> part >> number >> at >> message.from >> message.to >> message.bytes) {
    message.at = Duration::nanoseconds(at);
    if (part == "message") {
      messages.try_emplace(number, message);
    } else if (auto found = messages.find(number); found != messages.end()) {
      found->second.reply = std::string(std::clamp<std::uint64_t>(message.bytes, 1, 10'000), 'r');
    }
  }
  std::vector<PlannedMessage> all;
  for (auto& [id, one] : messages) {
    one.bytes = std::max<std::uint64_t>(one.bytes, 1);
    all.push_back(std::move(one));
  }
  return all;
}

std::optional<FailureKind> failure_kind(const RunRecord& record) {
  if (record.verdict == RunVerdict::pass) return std::nullopt;
  return FailureKind{record.verdict,
                     record.findings.empty() ? std::string() : normalised(record.findings.front().text)};
}

}  // namespace nym::sim
