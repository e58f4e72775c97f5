#include "sim/sweep/summary.h"

#include <fmt/format.h>

#include <algorithm>

namespace nym::sim {
namespace {

constexpr std::size_t kShownFailures = 20;
constexpr std::size_t kShownPerGroup = 3;
constexpr std::size_t kFixedColumns = 6;  ///< of the table: those after the varied keys

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_hex(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'f');
}

std::string csv_cell(const std::string& text) {
  if (text.find_first_of(",\"\n") == std::string::npos) return text;
  std::string out = "\"";
  for (char c : text) out += c == '"' ? std::string("\"\"") : std::string(1, c);
  return out + "\"";
}

Node decimal(double value) {
  return {Node::Decimal{fmt::format("{:.6f}", value)}};
}
Node whole(std::uint64_t value) {
  return {static_cast<std::int64_t>(value)};
}

}  // namespace

std::string normalised(std::string_view text) {
  constexpr std::size_t kIdentifier = 8;
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    std::size_t end = i;
    while (end < text.size() && is_hex(text[end])) ++end;
    auto word = text.substr(i, end - i);
    if (word.size() >= kIdentifier && std::ranges::any_of(word, is_digit)) {
      out += '#';
      i = end;
    } else if (is_digit(text[i])) {
      while (i < text.size() &&
             (is_digit(text[i]) || (text[i] == '.' && i + 1 < text.size() && is_digit(text[i + 1])))) {
        ++i;
      }
      out += '#';
    } else {
      out += text[i++];
    }
  }
  return out;
}

void Summary::add(const RunRecord& record) {
  auto [known, is_new] = fingerprints_.try_emplace(run_key(record), record.fingerprint);
  if (!is_new && known->second != record.fingerprint) {
    auto contradiction = record;
    contradiction.verdict = RunVerdict::nondeterminism;
    auto text =
        fmt::format("the same run is recorded with fingerprints '{}' and '{}'", known->second, record.fingerprint);
    contradiction.findings.insert(contradiction.findings.begin(), {RunVerdict::nondeterminism, Duration(), text});
    ++verdicts_.at(static_cast<std::size_t>(RunVerdict::nondeterminism));
    return add_failure(contradiction);
  }
  if (!is_new) return;
  ++runs_;
  ++verdicts_.at(static_cast<std::size_t>(record.verdict));
  packets_ += record.packets;
  events_ += record.events;
  run_ms_ += record.wall_ms;
  probes_.add(record.probes);
  add_figures(record);
  if (record.verdict != RunVerdict::pass) add_failure(record);
}

void Summary::add_failure(const RunRecord& record) {
  worst_ = std::max(worst_, record.verdict);
  auto text = record.findings.empty() ? std::string("nothing is known about it") : record.findings.front().text;
  auto& group = groups_[{record.verdict, normalised(text)}];
  ++group.count;
  group.first.emplace(std::pair(record.seed, record.repeat), record.verdict);
  if (group.first.size() > kShownPerGroup) group.first.erase(std::prev(group.first.end()));
  failures_.insert_or_assign({record.seed, record.repeat}, Failure{record.verdict, std::move(text), record.repeat});
}

void Summary::add_figures(const RunRecord& record) {
  auto& figures = points_[record.settings];
  auto add = [&](const std::string& name, const std::string& unit, double value) {
    auto& measured = figures[name];
    measured.unit = unit;
    measured.values.add(value);
  };
  add("passed", "", record.verdict == RunVerdict::pass ? 1 : 0);
  if (record.verdict == RunVerdict::crash) return;
  add("delivered", "", static_cast<double>(record.delivered));
  add("acknowledged", "", static_cast<double>(record.acknowledged));
  add("failed", "", static_cast<double>(record.failed));
  add("packets", "", static_cast<double>(record.packets));
  add("events", "", static_cast<double>(record.events));
  add("replays", "", static_cast<double>(record.replays));
  add("simulated", "s", static_cast<double>(record.simulated.ns()) / 1e9);
  for (const auto& figure : record.figures) add(figure.name, figure.unit, figure.value);
}

double Summary::seconds() const {
  return static_cast<double>(std::max<std::int64_t>(elapsed_ms_.value_or(run_ms_), 1)) / 1e3;
}

std::vector<Probe> Summary::missing_probes() const {
  std::vector<Probe> missing;
  for (std::size_t i = 0; i < kProbeCount; ++i) {
    auto probe = static_cast<Probe>(i);
    if (kind_of(probe) == ProbeKind::expected && !probes_.contains(probe)) missing.push_back(probe);
  }
  return missing;
}

std::string Summary::last_line() const {
  auto line = fmt::format("verdict={} runs={}", to_string(worst_), runs_);
  for (std::size_t i = 0; i < kRunVerdictCount; ++i) {
    line += fmt::format(" {}={}", to_string(static_cast<RunVerdict>(i)), verdicts_.at(i));
  }
  return line + fmt::format(" packets={} events={} runs_per_s={:.1f} packets_per_s={:.0f} probes={}/{} missing={}\n",
                            packets_, events_, static_cast<double>(runs_) / seconds(),
                            static_cast<double>(packets_) / seconds(), probes_.size(), kProbeCount,
                            missing_probes().size());
}

std::string Summary::failures_text() const {
  if (failures_.empty()) return {};
  auto out = fmt::format("{} of {} runs failed:\n", failures_.size(), runs_);
  std::size_t shown = 0;
  for (const auto& [key, failure] : failures_) {
    if (shown++ == kShownFailures) return out + fmt::format("  ... and {} more\n", failures_.size() - kShownFailures);
    out += fmt::format("  seed {}: {}: {}\n    repeat with: {}\n", key.first, to_string(failure.verdict), failure.text,
                       failure.repeat);
  }
  return out;
}

std::string Summary::groups_text() const {
  if (groups_.size() < 2 && failures_.size() < 2) return {};
  std::string out = "what went wrong, from bad to less bad:\n";
  for (auto group = groups_.rbegin(); group != groups_.rend(); ++group) {
    const auto& [key, found] = *group;
    out += fmt::format("  {} times {}: {}\n", found.count, to_string(key.first), key.second);
    for (const auto& [run, verdict] : found.first) out += fmt::format("    {}\n", run.second);
  }
  return out;
}

std::string Summary::text() const {
  auto out = failures_text() + groups_text();
  auto missing = missing_probes();
  if (!missing.empty() && runs_ > 0) {
    out += fmt::format("{} probes that are not rare were never reached:\n", missing.size());
    for (auto probe : missing) out += fmt::format("  {}\n", to_string(probe));
  }
  return out + last_line();
}

Node Summary::json() const {
  Node::Table verdicts;
  for (std::size_t i = 0; i < kRunVerdictCount; ++i) {
    verdicts.push_back({to_string(static_cast<RunVerdict>(i)), whole(verdicts_.at(i))});
  }
  Node::Array failures;
  for (const auto& [key, failure] : failures_) {
    failures.push_back({Node::Table{{"seed", whole(key.first)},
                                    {"verdict", Node{std::string(to_string(failure.verdict))}},
                                    {"text", Node{failure.text}},
                                    {"repeat", Node{failure.repeat}}}});
  }
  Node::Array groups;
  for (const auto& [key, group] : groups_) {
    Node::Array first;
    for (const auto& [run, verdict] : group.first) first.push_back(Node{run.second});
    groups.push_back({Node::Table{{"verdict", Node{std::string(to_string(key.first))}},
                                  {"text", Node{key.second}},
                                  {"count", whole(group.count)},
                                  {"first", Node{std::move(first)}}}});
  }
  Node::Array missing;
  for (auto probe : missing_probes()) missing.push_back(Node{std::string(to_string(probe))});
  Node::Array points;
  for (const auto& [settings, figures] : points_) {
    Node::Table at;
    for (const auto& setting : settings) at.push_back({setting.key, Node{setting.value}});
    Node::Table values;
    for (const auto& [name, measured] : figures) {
      values.push_back({name, Node{Node::Table{{"unit", Node{measured.unit}},
                                               {"runs", whole(measured.values.count())},
                                               {"mean", decimal(measured.values.mean())},
                                               {"deviation", decimal(measured.values.deviation())},
                                               {"confidence", decimal(measured.values.confidence())}}}});
    }
    points.push_back({Node::Table{{"settings", Node{std::move(at)}}, {"figures", Node{std::move(values)}}}});
  }
  return {Node::Table{{"verdict", Node{std::string(to_string(worst_))}},
                      {"runs", whole(runs_)},
                      {"verdicts", Node{std::move(verdicts)}},
                      {"packets", whole(packets_)},
                      {"events", whole(events_)},
                      {"runs_per_s", decimal(static_cast<double>(runs_) / seconds())},
                      {"packets_per_s", decimal(static_cast<double>(packets_) / seconds())},
                      {"failures", Node{std::move(failures)}},
                      {"groups", Node{std::move(groups)}},
                      {"probes_reached", whole(probes_.size())},
                      {"probes_never_reached", Node{std::move(missing)}},
                      {"points", Node{std::move(points)}}}};
}

/// The head and a row for each figure at each point.
std::vector<std::vector<std::string>> Summary::rows() const {
  std::vector<std::string> head;
  for (const auto& [settings, figures] : points_) {
    for (const auto& setting : settings) {
      if (std::ranges::find(head, setting.key) == head.end()) head.push_back(setting.key);
    }
  }
  auto keys = head;
  for (const char* name : {"figure", "unit", "runs", "mean", "deviation", "confidence_95"}) head.emplace_back(name);
  std::vector<std::vector<std::string>> all{head};
  for (const auto& [settings, figures] : points_) {
    for (const auto& [name, measured] : figures) {
      auto& row = all.emplace_back();
      for (const auto& key : keys) {
        auto found = std::ranges::find(settings, key, &Setting::key);
        row.push_back(found == settings.end() ? std::string() : found->value);
      }
      const auto& values = measured.values;
      for (const auto& cell :
           {name, measured.unit, fmt::format("{}", values.count()), fmt::format("{:.6g}", values.mean()),
            fmt::format("{:.6g}", values.deviation()), fmt::format("{:.6g}", values.confidence())}) {
        row.push_back(cell);
      }
    }
  }
  return all;
}

std::string Summary::table() const {
  auto all = rows();
  std::vector<std::size_t> widths(all.front().size());
  for (const auto& row : all) {
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
  }
  std::string out;
  for (const auto& row : all) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) {
      bool is_number = i + kFixedColumns - 2 >= row.size();
      line += fmt::format(fmt::runtime(is_number ? "{:>{}}  " : "{:<{}}  "), row[i], widths[i]);
    }
    line.resize(line.find_last_not_of(' ') + 1);
    out += line + "\n";
  }
  return out;
}

std::string Summary::csv() const {
  std::string out;
  for (const auto& row : rows()) {
    for (std::size_t i = 0; i < row.size(); ++i) out += (i == 0 ? "" : ",") + csv_cell(row[i]);
    out += "\n";
  }
  return out;
}

}  // namespace nym::sim
