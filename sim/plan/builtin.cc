#include "sim/plan/builtin.h"

#include <algorithm>

namespace nym::sim {
namespace {

Plan hello() {
  Plan plan;
  plan.name = "hello";
  plan.description = "one client writes to another anonymously and is answered through a reply surb";
  PlannedMessage message{
      Duration::seconds(2), 0, 1, "hello from the other side of the mixnet", 20, "hello yourself, whoever you are"};
  plan.workloads = {{.kind = ScheduleWorkload{{std::move(message)}}}};
  return plan;
}

}  // namespace

const std::vector<Plan>& builtin_plans() {
  static const std::vector<Plan> kPlans = {hello()};
  return kPlans;
}

const Plan* find_builtin_plan(std::string_view name) {
  const auto& plans = builtin_plans();
  auto found = std::find_if(plans.begin(), plans.end(), [&](const Plan& plan) { return plan.name == name; });
  return found == plans.end() ? nullptr : &*found;
}

}  // namespace nym::sim
