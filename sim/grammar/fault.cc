#include "sim/grammar/fault.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/base/overloaded.h"
#include "sim/grammar/link_change.h"
#include "sim/grammar/text_reader.h"

namespace nym::sim {
namespace {

constexpr std::int64_t kMostPpm = 100'000;
constexpr int kFactorDigits = 3;
constexpr std::int64_t kSlowest = 1'000'000;
constexpr std::uint64_t kMostRepeats = 100'000;
constexpr std::uint64_t kMostOperations = 1'000'000'000;

std::unexpected<Error> bad_fault(std::string text) {
  return fail(SimError::bad_text, std::move(text));
}

Result<NodeSet> take_nodes(TextReader& reader) {
  if (reader.is_at_end()) return bad_fault("which node? write it like mix1, gw*, c1..c20");
  auto rest = reader.rest();
  while (reader.peek() != '\0') reader.word("");
  return parse_node_set(rest);
}

/// Kinds that are a name and nodes.
template <class T>
Result<FaultAction> plain(TextReader& reader) {
  NYM_TRY(auto nodes, take_nodes(reader));
  return T{std::move(nodes)};
}

template <class T>
Result<FaultAction> with_disk(TextReader& reader) {
  auto disk = DiskState::kept;
  if (reader.take("without")) {
    if (!reader.take("state")) return bad_fault("expected 'without state'");
    disk = DiskState::lost;
  }
  NYM_TRY(auto nodes, take_nodes(reader));
  return T{std::move(nodes), disk};
}

Result<FaultAction> take_partition(TextReader& reader) {
  auto direction = reader.take("one-way") ? Direction::one_way : Direction::both_ways;
  auto sides = reader.rest();
  auto bar = sides.find('|');
  while (reader.peek() != '\0') reader.word("");
  if (bar == std::string_view::npos) return bad_fault("a partition has two sides; write it like gw1 | mix*");
  NYM_TRY(auto first, parse_node_set(sides.substr(0, bar)));
  NYM_TRY(auto second, parse_node_set(sides.substr(bar + 1)));
  return Partition{std::move(first), std::move(second), direction};
}

Result<FaultAction> take_slow(TextReader& reader) {
  auto text = reader.word("");
  if (!text.ends_with('x')) return bad_fault(fmt::format("'{}' is no factor; write it like 3x", text));
  NYM_TRY(auto factor, parse_decimal(text.substr(0, text.size() - 1), kFactorDigits));
  if (factor < 1'000 || factor > kSlowest) return bad_fault("slow takes a factor between 1x and 1000x");
  NYM_TRY(auto nodes, take_nodes(reader));
  return Slow{std::move(nodes), factor};
}

Result<FaultAction> take_clock_jump(TextReader& reader) {
  NYM_TRY(auto by, parse_duration(reader.word("")));
  NYM_TRY(auto nodes, take_nodes(reader));
  return ClockJump{std::move(nodes), by};
}

Result<FaultAction> take_clock_drift(TextReader& reader) {
  auto text = reader.word("");
  if (!text.ends_with("ppm")) return bad_fault(fmt::format("'{}' is no drift; write it like 200ppm", text));
  NYM_TRY(auto ppm, parse_decimal(text.substr(0, text.size() - 3), 0));
  if (ppm > kMostPpm || ppm < -kMostPpm) return bad_fault("a clock drifts by at most 100000ppm");
  NYM_TRY(auto nodes, take_nodes(reader));
  return ClockDrift{std::move(nodes), ppm};
}

Result<FaultAction> take_disk_slow(TextReader& reader) {
  NYM_TRY(auto commit, parse_duration(reader.word("")));
  if (commit < Duration()) return bad_fault("a commit can not take less than no time");
  NYM_TRY(auto nodes, take_nodes(reader));
  return DiskSlow{std::move(nodes), commit};
}

constexpr std::pair<std::string_view, Operation> kOperations[] = {
    {"persist", Operation::persist}, {"dial", Operation::dial}, {"fetch", Operation::fetch}};

std::string_view name_of(Operation operation) {
  return std::find_if(std::begin(kOperations), std::end(kOperations),
                      [&](const auto& one) { return one.second == operation; })
      ->first;
}

std::string ordinal(std::uint64_t n) {
  bool is_teen = n % 100 >= 11 && n % 100 <= 13;
  auto last = is_teen ? 0 : n % 10;
  return fmt::format("{}{}", n, last == 1 ? "st" : last == 2 ? "nd" : last == 3 ? "rd" : "th");
}

Result<FaultAction> take_fail(TextReader& reader) {
  reader.take("the");
  auto text = reader.word("");
  auto digits = std::min(text.find_first_not_of("0123456789"), text.size());
  NYM_TRY(auto n, parse_count(text.substr(0, digits), kMostOperations));
  if (n == 0 || ordinal(n) != text) return bad_fault(fmt::format("'{}' is no ordinal; write it like 7th", text));
  for (const auto& [name, operation] : kOperations) {
    if (!reader.take(name)) continue;
    NYM_TRY(auto nodes, take_nodes(reader));
    return FailNth{std::move(nodes), operation, n};
  }
  return bad_fault(fmt::format("'{}' can not be made to fail; persist, dial and fetch can", reader.word("")));
}

struct Verb {
  std::string_view words;
  Result<FaultAction> (*read)(TextReader&);
};
constexpr Verb kVerbs[] = {{"partition", take_partition},   {"swizzle", plain<SwizzleClog>},
                           {"crash", with_disk<Crash>},     {"kill", plain<Kill>},
                           {"restart", with_disk<Restart>}, {"pause", plain<Pause>},
                           {"suspend", plain<Suspend>},     {"slow", take_slow},
                           {"clock jump", take_clock_jump}, {"clock drift", take_clock_drift},
                           {"silence", plain<Silence>},     {"cut sessions", plain<CutSessions>},
                           {"disk full", plain<DiskFull>},  {"disk error", plain<DiskError>},
                           {"disk slow", take_disk_slow},   {"fail", take_fail},
                           {"leave app", plain<LeaveApp>}};

/// Up to the arrow and the set after it, which ends at a blank.
Result<FaultAction> take_link_fault(TextReader& reader) {
  auto all = reader.rest();
  reader = TextReader(all.substr(all.find("->") + 2));
  reader.word("");
  auto used = all.size() - reader.rest().size();
  NYM_TRY(auto path, parse_link_path(all.substr(0, used)));
  NYM_TRY(auto change, parse_link_change(reader));
  return LinkFault{std::move(path), std::move(change)};
}

Result<FaultAction> take_action(TextReader& reader) {
  if (reader.is_at_end()) return bad_fault("nothing goes wrong in this line");
  for (const auto& verb : kVerbs) {
    if (reader.take(verb.words)) return verb.read(reader);
  }
  if (reader.rest().find("->") != std::string_view::npos) return take_link_fault(reader);
  std::string names;
  for (const auto& verb : kVerbs) names += fmt::format("{}, ", verb.words);
  return bad_fault(
      fmt::format("'{}' is no fault; there are {}and changes of links like mix1->mix2 loss 5%", reader.rest(), names));
}

Result<Duration> take_time(TextReader& reader, std::string_view what) {
  NYM_TRY(auto time, parse_duration(reader.word("")));
  if (time < Duration()) return bad_fault(fmt::format("'{}' can not be negative", what));
  return time;
}

Result<Fault::Repeat> take_repeat(TextReader& reader) {
  NYM_TRY(auto every, take_time(reader, "every"));
  NYM_TRY(auto times, parse_count(reader.word(""), kMostRepeats));
  if (!reader.take("times") || times == 0 || every == Duration()) {
    return bad_fault("a fault that comes again is written like: at 4s every 2s 20 times for 1s crash gw1");
  }
  return Fault::Repeat{every, static_cast<std::uint32_t>(times)};
}

struct ActionText {
  std::string operator()(const LinkFault& f) const { return to_text(f.path) + " " + to_text(f.change); }
  std::string operator()(const Partition& f) const {
    return fmt::format("partition {}{} | {}", f.direction == Direction::one_way ? "one-way " : "", to_text(f.first),
                       to_text(f.second));
  }
  std::string operator()(const SwizzleClog& f) const { return plain("swizzle", f.nodes); }
  std::string operator()(const Crash& f) const { return with_disk("crash", f.nodes, f.disk); }
  std::string operator()(const Kill& f) const { return plain("kill", f.nodes); }
  std::string operator()(const Restart& f) const { return with_disk("restart", f.nodes, f.disk); }
  std::string operator()(const Pause& f) const { return plain("pause", f.nodes); }
  std::string operator()(const Suspend& f) const { return plain("suspend", f.nodes); }
  std::string operator()(const Slow& f) const {
    return fmt::format("slow {}x {}", decimal_text(f.factor_thousandths, kFactorDigits), to_text(f.nodes));
  }
  std::string operator()(const ClockJump& f) const {
    return fmt::format("clock jump {} {}", to_text(f.by), to_text(f.nodes));
  }
  std::string operator()(const ClockDrift& f) const {
    return fmt::format("clock drift {}ppm {}", f.ppm, to_text(f.nodes));
  }
  std::string operator()(const Silence& f) const { return plain("silence", f.nodes); }
  std::string operator()(const CutSessions& f) const { return plain("cut sessions", f.nodes); }
  std::string operator()(const DiskFull& f) const { return plain("disk full", f.nodes); }
  std::string operator()(const DiskError& f) const { return plain("disk error", f.nodes); }
  std::string operator()(const DiskSlow& f) const {
    return fmt::format("disk slow {} {}", to_text(f.commit), to_text(f.nodes));
  }
  std::string operator()(const FailNth& f) const {
    return fmt::format("fail the {} {} {}", ordinal(f.n), name_of(f.operation), to_text(f.nodes));
  }
  std::string operator()(const LeaveApp& f) const { return plain("leave app", f.nodes); }

 private:
  static std::string plain(std::string_view words, const NodeSet& nodes) {
    return fmt::format("{} {}", words, to_text(nodes));
  }
  static std::string with_disk(std::string_view word, const NodeSet& nodes, DiskState disk) {
    return fmt::format("{} {}{}", word, disk == DiskState::lost ? "without state " : "", to_text(nodes));
  }
};

}  // namespace

bool is_momentary(const FaultAction& action) {
  return std::holds_alternative<Kill>(action) || std::holds_alternative<Restart>(action) ||
         std::holds_alternative<ClockJump>(action) || std::holds_alternative<CutSessions>(action) ||
         std::holds_alternative<FailNth>(action);
}

bool hides_nodes(const FaultAction& action) {
  return std::holds_alternative<Silence>(action) || std::holds_alternative<Partition>(action) ||
         std::holds_alternative<Pause>(action) || std::holds_alternative<Suspend>(action);
}

const NodeSet* nodes_of(const FaultAction& action) {
  return std::visit(Overloaded{
                        [](const LinkFault&) -> const NodeSet* { return nullptr; },
                        [](const Partition&) -> const NodeSet* { return nullptr; },
                        [](const auto& fault) -> const NodeSet* { return &fault.nodes; },
                    },
                    action);
}

Result<Fault> parse_fault(std::string_view line) {
  TextReader reader(line);
  Fault fault;
  if (reader.take("at")) {
    NYM_TRY(fault.at, take_time(reader, "at"));
  }
  if (reader.take("every")) {
    NYM_TRY(fault.repeat, take_repeat(reader));
  }
  if (reader.take("for")) {
    NYM_TRY(fault.length, take_time(reader, "for"));
  }
  NYM_TRY(fault.action, take_action(reader));
  if (!reader.is_at_end()) return bad_fault(fmt::format("'{}' is too much", reader.rest()));
  if (fault.length && is_momentary(fault.action)) return bad_fault("this fault has no length; leave out 'for'");
  if (fault.repeat && !fault.length && !is_momentary(fault.action)) {
    return bad_fault("a fault that comes again must end before; say for how long");
  }
  return fault;
}

std::string to_text(const Fault& fault) {
  std::string out;
  if (fault.at != Duration()) out += fmt::format("at {} ", to_text(fault.at));
  if (fault.repeat) out += fmt::format("every {} {} times ", to_text(fault.repeat->every), fault.repeat->times);
  if (fault.length) out += fmt::format("for {} ", to_text(*fault.length));
  return out + std::visit(ActionText{}, fault.action);
}

}  // namespace nym::sim
