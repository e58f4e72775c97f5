#include "sim/sweep/subject.h"

#include <fmt/format.h>

#include "sim/kernel/fingerprint.h"
#include "sim/sweep/wall_clock.h"

namespace nym::sim {
namespace {

/// As one word of a shell.
std::string shell_word(const std::string& text) {
  constexpr std::string_view kPlain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+=./:,%@";
  if (!text.empty() && text.find_first_not_of(kPlain) == std::string::npos) return text;
  std::string out = "'";
  for (char c : text) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

void take_over(const RunResult& result, RunRecord& record) {
  record.verdict = run_verdict_of(result.verdict());
  for (const auto& violation : result.violations) {
    if (record.findings.size() == kMostFindings) break;
    record.findings.push_back({run_verdict_of(violation.kind), violation.at, violation.text});
  }
  record.events = result.events;
  record.packets = result.packets;
  record.delivered = result.delivered;
  record.acknowledged = result.acknowledged;
  record.failed = result.failed;
  record.replays = result.replays;
  record.fingerprint = result.fingerprint;
  record.simulated = result.simulated;
  record.probes = result.probes;
  for (const auto& figure : result.measurements.figures) {
    record.figures.push_back({figure.name, figure.unit, figure.value});
  }
}

void compare(const RunResult& other, std::string_view what, RunRecord& record) {
  record.probes.add(other.probes);
  auto verdict = run_verdict_of(other.verdict());
  auto before = record.findings.empty() ? RunVerdict::pass : record.findings.front().kind;
  if (other.fingerprint == record.fingerprint && verdict == before) return;
  record.verdict = RunVerdict::nondeterminism;
  auto text = fmt::format("{} came out differently: fingerprint {} ({}) instead of {} ({})", what, other.fingerprint,
                          to_string(verdict), record.fingerprint, to_string(before));
  record.findings.insert(record.findings.begin(), {RunVerdict::nondeterminism, Duration(), std::move(text)});
  if (record.findings.size() > kMostFindings) record.findings.pop_back();
}

}  // namespace

std::string name_of(const Subject& subject) {
  return subject.profile ? to_string(*subject.profile) : subject.plan;
}

Subject subject_of(const RunRecord& record) {
  return {profile_from(record.profile), record.plan, record.settings};
}

Result<Plan> plan_of(const Subject& subject, std::uint64_t seed, const ScenarioFolder& folder) {
  if (!subject.profile) return find_scenario(subject.plan, folder, subject.settings);
  auto plan = generate_plan(*subject.profile, seed);
  if (subject.settings.empty()) return plan;
  return parse_plan(print_plan(plan, Syntax::json), plan.name, Syntax::json, read_plan_file, subject.settings);
}

std::string hash_of(const Plan& plan) {
  Fingerprint hash;
  hash.add(std::string_view(print_plan(plan, Syntax::json)));
  return hash.to_string();
}

std::string subject_words(const Subject& subject) {
  auto words = subject.profile ? fmt::format("--profile {}", to_string(*subject.profile)) : shell_word(subject.plan);
  for (const auto& setting : subject.settings) words += " --set " + shell_word(to_text(setting));
  return words;
}

std::string repeat_command(const Subject& subject, std::uint64_t seed, Fidelity fidelity) {
  return fmt::format("nym-sim run {} --seed {} --fidelity {}", subject_words(subject), seed, to_string(fidelity));
}

RunRecord begin_record(const RunOrder& order, const Plan* plan) {
  RunRecord record;
  record.engine = engine_version();
  if (order.subject.profile) {
    record.profile = to_string(*order.subject.profile);
  } else {
    record.plan = order.subject.plan;
  }
  if (plan != nullptr) record.plan_hash = hash_of(*plan);
  record.settings = order.subject.settings;
  record.seed = order.seed;
  record.fidelity = order.fidelity.value_or(plan == nullptr ? Fidelity::model : plan->fidelity);
  record.checks = order.checks;
  record.verdict = RunVerdict::crash;
  record.repeat = repeat_command(order.subject, order.seed, record.fidelity);
  return record;
}

void perform(const Plan& plan, RunRecord& record, const RunPlan& run) {
  RunSettings settings{.fidelity = record.fidelity, .seed = record.seed};
  if (!record.profile.empty()) settings.measuring = client::Switch::off;  // their plans expect no figures
  auto started = wall_clock_ms();
  auto result = run(plan, settings);
  record.wall_ms = wall_clock_ms() - started;
  take_over(result, record);
  if (record.checks.twice == client::Switch::on) compare(run(plan, settings), "a second run", record);
  if (record.checks.both_fidelities == client::Switch::off) return;
  settings.fidelity = record.fidelity == Fidelity::model ? Fidelity::real : Fidelity::model;
  compare(run(plan, settings), fmt::format("the run with fidelity {}", to_string(settings.fidelity)), record);
}

}  // namespace nym::sim
