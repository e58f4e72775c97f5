#include "sim/plan/find.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "engine/base/nearest_name.h"
#include "sim/plan/builtin.h"

namespace nym::sim {
namespace {

bool is_plan_file(const std::string& name) {
  return name.ends_with(".toml") || name.ends_with(".json");
}

bool is_path(const std::string& name) {
  return name.find('/') != std::string::npos || is_plan_file(name);
}

/// Paths in the order of their names.
std::vector<std::string> plans_in(const ScenarioFolder& folder) {
  std::vector<std::string> paths;
  std::error_code ignored;
  if (folder.path.empty()) return paths;
  for (const auto& entry : std::filesystem::directory_iterator(folder.path, ignored)) {
    if (is_plan_file(entry.path().string())) paths.push_back(entry.path().string());
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

ListedScenario listed(const Plan& plan) {
  return {plan.name, plan.description, plan.tags};
}

}  // namespace

Result<std::vector<ListedScenario>> list_scenarios(const ScenarioFolder& folder) {
  std::vector<ListedScenario> all;
  for (const auto& plan : builtin_plans()) all.push_back(listed(plan));
  for (const auto& path : plans_in(folder)) {
    NYM_TRY(auto plan, load_plan(path));
    all.push_back(listed(plan));
  }
  return all;
}

Result<Plan> find_scenario(const std::string& name, const ScenarioFolder& folder,
                           const std::vector<Setting>& settings) {
  auto load = [&](const std::string& path) { return load_plan(path, read_plan_file, settings); };
  if (is_path(name)) return load(name);
  for (const auto& path : plans_in(folder)) {
    if (std::filesystem::path(path).stem() == name) return load(path);
  }
  if (builtin_file(name + ".toml")) return load("builtin:" + name + ".toml");
  std::vector<std::string_view> names;
  for (const auto& plan : builtin_plans()) names.emplace_back(plan.name);
  return fail(SimError::no_such_file, fmt::format("no scenario is called '{}' ('nym-sim list' shows those there are){}",
                                                  name, did_you_mean(name, names)));
}

}  // namespace nym::sim
