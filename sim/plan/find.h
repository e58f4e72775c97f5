#pragma once

#include "sim/plan/load.h"

namespace nym::sim {

/// Where further scenarios are, beside those that come with the program: the folder that NYM_SIM_SCENARIOS names.
struct ScenarioFolder {
  std::string path;  ///< empty: none
};

struct ListedScenario {
  std::string name;
  std::string description;
  std::vector<std::string> tags;
};
/// Built-in ones, then those of the folder. Error: that of the first plan of the folder that can not be read.
Result<std::vector<ListedScenario>> list_scenarios(const ScenarioFolder& folder);

/// A path (it has a slash, or ends with .toml or .json), a name in the folder, or a built-in scenario, in this order.
/// Errors: no_such_file with a suggestion, bad_plan.
Result<Plan> find_scenario(const std::string& name_or_path, const ScenarioFolder& folder,
                           const std::vector<Setting>& settings = {});

}  // namespace nym::sim
