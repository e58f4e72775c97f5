#include "sim/plan/plan.h"

#include <algorithm>

namespace nym::sim {
namespace {

TimePoint second(std::int64_t s) {
  return TimePoint::at(Duration::seconds(s));
}

Plan hello() {
  Plan plan;
  plan.name = "hello";
  plan.description = "one client writes to another anonymously and is answered through a reply surb";
  plan.messages = {{second(3), 0, 1, "hello from the other side of the mixnet", 20, "hello yourself, whoever you are"}};
  return plan;
}

}  // namespace

const char* to_string(Fidelity fidelity) {
  return fidelity == Fidelity::real ? "real" : "model";
}

std::optional<Fidelity> fidelity_from(std::string_view name) {
  if (name == "real") return Fidelity::real;
  if (name == "model") return Fidelity::model;
  return std::nullopt;
}

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
