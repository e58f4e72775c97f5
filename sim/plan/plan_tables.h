#pragma once

#include "sim/plan/key.h"
#include "sim/plan/plan.h"

namespace nym::sim {

/// Of a whole file. `extends` stands in it, but is resolved before it is read.
const Table<Plan>& plan_table();

// Its parts, each in its own file.
Table<ClientOptions> client_options_table();
Key<Plan> client_groups_key();
std::vector<Key<Plan>> network_keys();
std::vector<Key<Plan>> link_keys();
Key<Plan> workloads_key();
std::vector<Key<LinkChange>> link_change_keys();
std::vector<Key<Plan>> fault_keys();
Key<Plan> adversaries_key();
std::vector<Key<Plan>> goal_keys();

/// Keys of a part as keys of the whole.
template <class Whole, class Part, class Place>
std::vector<Key<Whole>> lift(const std::vector<Key<Part>>& keys, Place place) {
  std::vector<Key<Whole>> lifted;
  for (const auto& key : keys) {
    Key<Whole> one{key.name, key.type, key.meaning, {}, {}};
    one.read = [place, read = key.read](const Node& node, Whole& whole) { return read(node, place(whole)); };
    one.write = [place, write = key.write](const Whole& whole) { return write(place(whole)); };
    lifted.push_back(std::move(one));
  }
  return lifted;
}

/// A table of the file whose keys are keys of the plan; what it does not say stays as it is.
Key<Plan> section(std::string name, Table<Plan> table, std::string meaning);

}  // namespace nym::sim
