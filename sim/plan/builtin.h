#pragma once

#include "sim/plan/plan.h"

namespace nym::sim {

/// The scenarios that come with the simulator, by name.
const std::vector<Plan>& builtin_plans();
const Plan* find_builtin_plan(std::string_view name);

/// A file that comes with them (`cities.csv`).
std::optional<std::string_view> builtin_file(std::string_view name);

}  // namespace nym::sim
