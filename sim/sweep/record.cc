#include "sim/sweep/record.h"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cmath>

#include "engine/app_api/utf8.h"
#include "engine/base/bytes.h"

namespace nym::sim {
namespace {

struct VerdictInfo {
  const char* name;
  int exit_code;
};
constexpr std::array<VerdictInfo, kRunVerdictCount> kVerdicts = {
    {{"pass", 0}, {"liveness", 3}, {"safety", 2}, {"crash", 4}, {"nondeterminism", 5}}};

/// A text as JSON, whatever its bytes are.
std::string quoted(std::string_view text) {
  auto lossy = app_api::to_lossy_text(as_bytes(text));
  if (lossy.size() > kLongestText) {
    lossy.resize(kLongestText);
    while ((static_cast<unsigned char>(lossy.back()) & 0xc0U) == 0x80U) lossy.pop_back();
    if (static_cast<unsigned char>(lossy.back()) >= 0xc0U) lossy.pop_back();
  }
  return print_value(Node{std::move(lossy)});
}

/// Without an exponent, as the readers of plans want it.
std::string number(double value) {
  auto text = fmt::format("{:.12f}", value);
  auto last = text.find_last_not_of('0');
  text.resize(text[last] == '.' ? last + 2 : last + 1);
  return text;
}

template <class List, class Print>
std::string list_of(const List& list, std::size_t most, Print print) {
  std::string out = "[";
  std::size_t count = 0;
  for (const auto& element : list) {
    if (count++ == most) break;
    out += (count == 1 ? "" : ",") + print(element);
  }
  return out + "]";
}

std::string print_findings(const RunRecord& record) {
  return list_of(record.findings, kMostFindings, [](const Finding& one) {
    return fmt::format(R"({{"kind":"{}","at_ns":{},"text":{}}})", to_string(one.kind), one.at.ns(), quoted(one.text));
  });
}

std::string print_settings(const RunRecord& record) {
  return list_of(record.settings, record.settings.size(),
                 [](const Setting& one) { return fmt::format("[{},{}]", quoted(one.key), quoted(one.value)); });
}

std::string print_probes(const RunRecord& record) {
  std::vector<Probe> reached;
  for (std::size_t i = 0; i < kProbeCount; ++i) {
    if (record.probes.contains(static_cast<Probe>(i))) reached.push_back(static_cast<Probe>(i));
  }
  return list_of(reached, kProbeCount, [](Probe probe) { return fmt::format("\"{}\"", to_string(probe)); });
}

std::string print_figures(const RunRecord& record) {
  std::vector<RecordedFigure> finite;
  for (const auto& figure : record.figures) {
    if (std::isfinite(figure.value)) finite.push_back(figure);
  }
  return list_of(finite, kMostFigures, [](const RecordedFigure& one) {
    return fmt::format("[{},{},{}]", quoted(one.name), quoted(one.unit), number(one.value));
  });
}

std::string print_checks(const RunChecks& checks) {
  std::vector<std::string_view> made;
  if (checks.twice == client::Switch::on) made.emplace_back("twice");
  if (checks.both_fidelities == client::Switch::on) made.emplace_back("fidelities");
  return list_of(made, made.size(), [](std::string_view name) { return fmt::format("\"{}\"", name); });
}

std::unexpected<Error> bad(std::string text) {
  return fail(SimError::bad_record, std::move(text));
}

/// Takes the keys of one object; each must be there, with its type, and no other.
class Fields {
 public:
  explicit Fields(const Node::Table& table) : table_(table) {}

  template <class T>
  Result<const T*> get(std::string_view key) {
    ++taken_;
    const auto* entry = find_entry(table_, key);
    if (entry == nullptr) return bad(fmt::format("there is no '{}'", key));
    const auto* value = entry->value.as<T>();
    if (value == nullptr) return bad(fmt::format("'{}' can not be {}", key, kind_of(entry->value)));
    return value;
  }
  Result<void> text(std::string_view key, std::string& into) {
    NYM_TRY(const auto* value, get<std::string>(key));
    into = *value;
    return {};
  }
  template <class T>
  Result<void> count(std::string_view key, T& into) {
    NYM_TRY(const auto* value, get<std::int64_t>(key));
    if (*value < 0) return bad(fmt::format("'{}' can not be negative", key));
    into = static_cast<T>(*value);
    return {};
  }
  Result<void> time(std::string_view key, Duration& into) {
    NYM_TRY(const auto* value, get<std::int64_t>(key));
    into = Duration::nanoseconds(*value);
    return {};
  }
  template <class V, class From>
  Result<void> name(std::string_view key, V& into, From from) {
    NYM_TRY(const auto* value, get<std::string>(key));
    auto found = from(*value);
    if (!found) return bad(fmt::format("'{}' is no {}", *value, key));
    into = *found;
    return {};
  }
  Result<void> end() const {
    if (taken_ != table_.size()) return bad("there are unknown keys");
    return {};
  }

 private:
  const Node::Table& table_;
  std::size_t taken_ = 0;
};

Result<void> read_findings(const Node::Array& list, RunRecord& record) {
  if (list.size() > kMostFindings) return bad("too many violations");
  for (const auto& element : list) {
    const auto* table = element.as<Node::Table>();
    if (table == nullptr) return bad("a violation is an object");
    Fields fields(*table);
    auto& finding = record.findings.emplace_back();
    NYM_TRY_VOID(fields.name("kind", finding.kind, run_verdict_from));
    NYM_TRY_VOID(fields.time("at_ns", finding.at));
    NYM_TRY_VOID(fields.text("text", finding.text));
    NYM_TRY_VOID(fields.end());
  }
  return {};
}

const std::string* text_at(const Node::Array& tuple, std::size_t index) {
  return tuple[index].as<std::string>();
}

Result<void> read_settings(const Node::Array& list, RunRecord& record) {
  for (const auto& element : list) {
    const auto* pair = element.as<Node::Array>();
    bool is_pair = pair != nullptr && pair->size() == 2 && text_at(*pair, 0) != nullptr && text_at(*pair, 1) != nullptr;
    if (!is_pair) return bad("a setting is a key and its value");
    record.settings.push_back({*text_at(*pair, 0), *text_at(*pair, 1)});
  }
  return {};
}

Result<void> read_figures(const Node::Array& list, RunRecord& record) {
  if (list.size() > kMostFigures) return bad("too many figures");
  for (const auto& element : list) {
    const auto* tuple = element.as<Node::Array>();
    bool is_figure =
        tuple != nullptr && tuple->size() == 3 && text_at(*tuple, 0) != nullptr && text_at(*tuple, 1) != nullptr;
    const auto* value = is_figure ? (*tuple)[2].as<Node::Decimal>() : nullptr;
    if (value == nullptr) return bad("a figure is a name, a unit and a number with a point");
    double parsed = 0;
    const auto* end = value->text.data() + value->text.size();
    auto read = std::from_chars(value->text.data(), end, parsed);
    if (read.ec != std::errc() || read.ptr != end) return bad("a figure can not be read");
    record.figures.push_back({*text_at(*tuple, 0), *text_at(*tuple, 1), parsed});
  }
  return {};
}

// A probe that this version does not have belongs to another engine.
Result<void> read_probes(const Node::Array& list, RunRecord& record) {
  for (const auto& element : list) {
    const auto* name = element.as<std::string>();
    if (name == nullptr) return bad("a probe is a name");
    if (auto probe = probe_from(*name)) record.probes.add(*probe);
  }
  return {};
}

Result<void> read_checks(const Node::Array& list, RunRecord& record) {
  for (const auto& element : list) {
    const auto* name = element.as<std::string>();
    if (name != nullptr && *name == "twice") {
      record.checks.twice = client::Switch::on;
    } else if (name != nullptr && *name == "fidelities") {
      record.checks.both_fidelities = client::Switch::on;
    } else {
      return bad("a check is 'twice' or 'fidelities'");
    }
  }
  return {};
}

Result<void> read_head(Fields& fields, RunRecord& record) {
  std::uint32_t format = 0;
  NYM_TRY_VOID(fields.count("format", format));
  if (format != kRecordFormat)
    return bad(fmt::format("its format is {}, this version reads {}", format, kRecordFormat));
  NYM_TRY_VOID(fields.text("engine", record.engine));
  NYM_TRY_VOID(fields.text("profile", record.profile));
  NYM_TRY_VOID(fields.text("plan", record.plan));
  if (record.profile.empty() == record.plan.empty()) return bad("it names not one of profile and plan");
  NYM_TRY_VOID(fields.text("plan_hash", record.plan_hash));
  NYM_TRY_VOID(fields.count("seed", record.seed));
  NYM_TRY_VOID(fields.name("fidelity", record.fidelity, fidelity_from));
  NYM_TRY_VOID(fields.name("verdict", record.verdict, run_verdict_from));
  NYM_TRY_VOID(fields.text("fingerprint", record.fingerprint));
  return fields.text("repeat", record.repeat);
}

Result<void> read_counts(Fields& fields, RunRecord& record) {
  NYM_TRY_VOID(fields.count("events", record.events));
  NYM_TRY_VOID(fields.count("packets", record.packets));
  NYM_TRY_VOID(fields.count("delivered", record.delivered));
  NYM_TRY_VOID(fields.count("acknowledged", record.acknowledged));
  NYM_TRY_VOID(fields.count("failed", record.failed));
  NYM_TRY_VOID(fields.count("replays", record.replays));
  NYM_TRY_VOID(fields.time("simulated_ns", record.simulated));
  return fields.count("wall_ms", record.wall_ms);
}

}  // namespace

std::string engine_version() {
  return NYM_ENGINE_VERSION;
}

const char* to_string(RunVerdict verdict) {
  return kVerdicts.at(static_cast<std::size_t>(verdict)).name;
}

std::optional<RunVerdict> run_verdict_from(std::string_view name) {
  for (std::size_t i = 0; i < kVerdicts.size(); ++i) {
    if (name == kVerdicts.at(i).name) return static_cast<RunVerdict>(i);
  }
  return std::nullopt;
}

RunVerdict run_verdict_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::pass:
      return RunVerdict::pass;
    case Verdict::safety:
      return RunVerdict::safety;
    case Verdict::liveness:
      return RunVerdict::liveness;
  }
  return RunVerdict::crash;
}

int exit_code_of(RunVerdict verdict) {
  return kVerdicts.at(static_cast<std::size_t>(verdict)).exit_code;
}

std::string print_record(const RunRecord& r) {
  auto head = fmt::format(
      R"({{"format":{},"engine":{},"profile":{},"plan":{},"plan_hash":{},"settings":{},"seed":{},"fidelity":"{}")",
      kRecordFormat, quoted(r.engine), quoted(r.profile), quoted(r.plan), quoted(r.plan_hash), print_settings(r),
      r.seed, to_string(r.fidelity));
  auto counts = fmt::format(
      R"("events":{},"packets":{},"delivered":{},"acknowledged":{},"failed":{},"replays":{},"simulated_ns":{},"wall_ms":{})",
      r.events, r.packets, r.delivered, r.acknowledged, r.failed, r.replays, r.simulated.ns(), r.wall_ms);
  return fmt::format(
      R"({},"checks":{},"verdict":"{}","violations":{},{},"fingerprint":{},"probes":{},"figures":{},"repeat":{}}})"
      "\n",
      head, print_checks(r.checks), to_string(r.verdict), print_findings(r), counts, quoted(r.fingerprint),
      print_probes(r), print_figures(r), quoted(r.repeat));
}

Result<RunRecord> parse_record(std::string_view line) {
  if (line.size() > kLongestRecord) return bad(fmt::format("longer than {} bytes", kLongestRecord));
  auto root = parse_json(line, "record");
  if (!root) return bad(root.error().text);
  Fields fields(std::get<Node::Table>(root->content));
  RunRecord record;
  NYM_TRY_VOID(read_head(fields, record));
  NYM_TRY_VOID(read_counts(fields, record));
  const std::pair<std::string_view, Result<void> (*)(const Node::Array&, RunRecord&)> lists[] = {
      {"settings", read_settings}, {"checks", read_checks},   {"violations", read_findings},
      {"probes", read_probes},     {"figures", read_figures},
  };
  for (const auto& [key, read] : lists) {
    NYM_TRY(const auto* list, fields.get<Node::Array>(key));
    NYM_TRY_VOID(read(*list, record));
  }
  NYM_TRY_VOID(fields.end());
  return record;
}

std::string run_key(const RunRecord& record) {
  auto key = fmt::format("{}|{}|{}|{}|{}", record.engine, record.profile, record.plan, record.seed,
                         to_string(record.fidelity));
  if (record.profile.empty()) key += "|" + record.plan_hash;
  for (const auto& setting : record.settings) key += "|" + to_text(setting);
  return key;
}

}  // namespace nym::sim
