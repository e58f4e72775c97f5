#include "sim/plan/codecs.h"
#include "sim/plan/plan_tables.h"

namespace nym::sim {
namespace {

/// Only the format that this program knows.
Key<Plan> format_key() {
  auto codec = counts<std::uint32_t>(1, kPlanFormat);
  auto key = shorthand<Plan>("format", codec, [](Plan&, std::uint32_t) {}, "version of the form of plans");
  key.write = [](const Plan&) { return std::optional(Node{std::int64_t{kPlanFormat}}); };
  return key;
}

std::vector<Key<Plan>> head_keys() {
  using T = Plan;
  auto fidelities = names<Fidelity>({{"real", Fidelity::real}, {"model", Fidelity::model}});
  return {
      format_key(),
      shorthand<T>(
          "extends", texts(), [](T&, const std::string&) {},
          "another plan, beside this one or builtin:NAME.toml, whose keys hold where this one has none; tables "
          "are joined, lists replaced"),
      make_key<T>("name", NYM_AT(name), texts(), "of the scenario; by default that of the file"),
      make_key<T>("description", NYM_AT(description), texts(), "one line"),
      make_key<T>("tags", NYM_AT(tags), text_lists(), "for choosing among scenarios"),
      make_key<T>("fidelity", NYM_AT(fidelity), fidelities,
                  "real: all cryptography is done; model: only what it decides. A run may say otherwise"),
      make_key<T>("time_limit", NYM_AT(time_limit), durations(Duration::milliseconds(1)),
                  "of the phase with work and faults"),
      make_key<T>("calm_limit", NYM_AT(calm_limit), maybe(durations()),
                  "how long messages then may take to come to an end; none: follows from the configuration"),
  };
}

}  // namespace

Key<Plan> section(std::string name, Table<Plan> table, std::string meaning) {
  auto shared = std::make_shared<const Table<Plan>>(std::move(table));
  ValueType type{"table", "", {}, std::make_shared<const TableInfo>(describe(*shared, Plan{}))};
  Key<Plan> key{std::move(name), std::move(type), std::move(meaning), {}, {}};
  key.read = [shared](const Node& node, Plan& plan) { return read_table(*shared, node, plan); };
  key.write = [shared](const Plan& plan) { return std::optional(write_table(*shared, plan)); };
  return key;
}

const Table<Plan>& plan_table() {
  static const Table<Plan> kTable = [] {
    Table<Plan> table;
    table.keys = head_keys();
    auto append = [&](const std::vector<Key<Plan>>& keys) {
      table.keys.insert(table.keys.end(), keys.begin(), keys.end());
    };
    append(fault_keys());
    append(network_keys());
    append(link_keys());
    append({workloads_key(), adversaries_key()});
    append(goal_keys());
    return table;
  }();
  return kTable;
}

}  // namespace nym::sim
