#include "sim/plan/builtin.h"

#include <algorithm>

#include "engine/base/check.h"
#include "sim/plan/load.h"

namespace nym::sim {

std::optional<std::string_view> builtin_file(std::string_view name) {
  auto files = builtin_files();
  auto found = std::find_if(files.begin(), files.end(), [&](const auto& file) { return file.name == name; });
  if (found == files.end()) return std::nullopt;
  return found->text;
}

const std::vector<Plan>& builtin_plans() {
  static const std::vector<Plan> kPlans = [] {
    std::vector<Plan> plans;
    for (const auto& file : builtin_files()) {
      if (!file.name.ends_with(".toml")) continue;
      auto plan = load_plan("builtin:" + std::string(file.name));
      NYM_CHECK(plan);  // a test loads them all
      plans.push_back(*std::move(plan));
    }
    return plans;
  }();
  return kPlans;
}

const Plan* find_builtin_plan(std::string_view name) {
  const auto& plans = builtin_plans();
  auto found = std::find_if(plans.begin(), plans.end(), [&](const Plan& plan) { return plan.name == name; });
  return found == plans.end() ? nullptr : &*found;
}

}  // namespace nym::sim
