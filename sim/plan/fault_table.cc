#include "sim/plan/codecs.h"
#include "sim/plan/plan_tables.h"

namespace nym::sim {
namespace {

using FaultKeys = std::vector<Key<Fault>>;

#define NYM_FAULT(Kind, member) NYM_IN(Kind, action, member)

template <class Kind>
Alternative<Fault> fault_kind(std::string name, std::string meaning, FaultKeys keys) {
  return {std::move(name), std::move(meaning), std::move(keys), [](Fault& fault) { fault.action.emplace<Kind>(); },
          [](const Fault& fault) { return std::holds_alternative<Kind>(fault.action); }};
}

template <class Kind>
Key<Fault> nodes_key() {
  return make_key<Fault>("nodes", NYM_FAULT(Kind, nodes), node_sets(), "whom it befalls");
}

template <class Kind>
Alternative<Fault> of_nodes(std::string name, std::string meaning) {
  return fault_kind<Kind>(std::move(name), std::move(meaning), {nodes_key<Kind>()});
}

Codec<DiskState> disk_states() {
  return names<DiskState>({{"kept", DiskState::kept}, {"lost", DiskState::lost}});
}

template <class Kind>
Alternative<Fault> with_disk(std::string name, std::string meaning) {
  return fault_kind<Kind>(
      std::move(name), std::move(meaning),
      {nodes_key<Kind>(), make_key<Fault>("state", NYM_FAULT(Kind, disk), disk_states(), "what becomes of its disk")});
}

Alternative<Fault> partition_kind() {
  auto directions = names<Direction>({{"both", Direction::both_ways}, {"one-way", Direction::one_way}});
  return fault_kind<Partition>("partition", "nothing passes between two sides",
                               {make_key<Fault>("from", NYM_FAULT(Partition, first), node_sets(), "one side"),
                                make_key<Fault>("to", NYM_FAULT(Partition, second), node_sets(), "the other"),
                                make_key<Fault>("direction", NYM_FAULT(Partition, direction), directions,
                                                "one-way: only from the first to the second")});
}

Alternative<Fault> link_kind() {
  FaultKeys keys = {make_key<Fault>("path", NYM_FAULT(LinkFault, path), link_paths(), "which links")};
  auto changes = lift<Fault>(link_change_keys(), NYM_FAULT(LinkFault, change));
  keys.insert(keys.end(), changes.begin(), changes.end());
  return fault_kind<LinkFault>("link", "links change", std::move(keys));
}

std::vector<Alternative<Fault>> clock_kinds() {
  constexpr Duration kFar = Duration::hours(std::int64_t{24} * 3'650);
  return {
      fault_kind<ClockJump>("clock jump", "the wall clock jumps",
                            {nodes_key<ClockJump>(), make_key<Fault>("by", NYM_FAULT(ClockJump, by),
                                                                     durations(Duration() - kFar, kFar), "how far")}),
      fault_kind<ClockDrift>("clock drift", "all its clocks run faster, or slower",
                             {nodes_key<ClockDrift>(), make_key<Fault>("ppm", NYM_FAULT(ClockDrift, ppm),
                                                                       counts_with_sign(100'000), "millionths")}),
      fault_kind<Slow>("slow", "what it does takes longer",
                       {nodes_key<Slow>(), make_key<Fault>("factor", NYM_FAULT(Slow, factor_thousandths),
                                                           decimals(3, 1'000, 1'000'000), "so many times")})};
}

std::vector<Alternative<Fault>> disk_kinds() {
  auto operations =
      names<Operation>({{"persist", Operation::persist}, {"dial", Operation::dial}, {"fetch", Operation::fetch}});
  return {of_nodes<DiskFull>("disk full", "it can save nothing"),
          of_nodes<DiskError>("disk error", "it can neither save nor read"),
          fault_kind<DiskSlow>(
              "disk slow", "every commit takes long",
              {nodes_key<DiskSlow>(), make_key<Fault>("commit", NYM_FAULT(DiskSlow, commit), durations(), "so long")}),
          fault_kind<FailNth>("fail", "one operation fails, counted from the time of the fault",
                              {nodes_key<FailNth>(),
                               make_key<Fault>("operation", NYM_FAULT(FailNth, operation), operations,
                                               "a commit, a connection, a look at the directory"),
                               make_key<Fault>("n", NYM_FAULT(FailNth, n), counts<std::uint64_t>(1, 1'000'000'000),
                                               "the n-th of them")})};
}

std::vector<Alternative<Fault>> process_kinds() {
  return {with_disk<Crash>("crash", "what is in memory is gone; it comes back when the fault ends"),
          with_disk<Restart>("restart", "a crash, and back at once"),
          of_nodes<Kill>("kill", "gone for the rest of the run"),
          of_nodes<Pause>("pause", "the process stands still, what comes for it waits"),
          of_nodes<Suspend>("suspend", "the machine sleeps, and sees afterwards that time has passed"),
          of_nodes<Silence>("silence", "what a gateway and its clients send each other vanishes"),
          of_nodes<CutSessions>("cut sessions", "a gateway's connections with its clients are reset"),
          of_nodes<LeaveApp>("leave app", "a client's application goes away, and comes back"),
          of_nodes<SwizzleClog>("swizzle", "links are clogged node by node, and freed in another order")};
}

/// `every` and `times` belong together.
FaultKeys when_keys() {
  auto every = [](Fault& fault, Duration value) { fault.repeat = {value, fault.repeat ? fault.repeat->times : 1}; };
  auto times = [](Fault& fault, std::uint32_t value) {
    fault.repeat = {fault.repeat ? fault.repeat->every : Duration::seconds(1), value};
  };
  return {
      make_key<Fault>("at", NYM_AT(at), durations(), "when it begins"),
      make_key<Fault>("for", NYM_AT(length), maybe(durations()), "how long it lasts; none: until calm begins"),
      shorthand<Fault>("every", durations(Duration::microseconds(1)), every, "it comes again after this time"),
      shorthand<Fault>("times", counts<std::uint32_t>(1, 100'000), times, "so many times in all; every 1s by default")};
}

Table<Fault> fault_table() {
  Table<Fault> table;
  table.keys = when_keys();
  table.alternatives = process_kinds();
  for (auto kinds : {clock_kinds(), disk_kinds(), std::vector{partition_kind(), link_kind()}}) {
    for (auto& kind : kinds) table.alternatives.push_back(std::move(kind));
  }
  return table;
}

}  // namespace

// Both forms add to one list; lines are what is printed.
std::vector<Key<Plan>> fault_keys() {
  auto lines = lists(fault_lines());
  Key<Plan> as_lines{"faults", lines.type, "what goes wrong, a line each (see The grammar of faults)", {}, {}};
  as_lines.read = [lines](const Node& node, Plan& plan) -> Read<void> {
    NYM_TRY(plan.faults, lines.read(node));
    return {};
  };
  as_lines.write = [lines](const Plan& plan) { return std::optional(lines.write(plan.faults)); };
  auto tables = lists(table_codec(fault_table()));
  Key<Plan> as_tables{"fault", tables.type, "the same as a table", {}, {}};
  as_tables.read = [tables](const Node& node, Plan& plan) -> Read<void> {
    NYM_TRY(auto more, tables.read(node));
    plan.faults.insert(plan.faults.end(), more.begin(), more.end());
    return {};
  };
  as_tables.write = [](const Plan&) { return std::optional<Node>(); };
  return {as_lines, as_tables};
}

}  // namespace nym::sim
