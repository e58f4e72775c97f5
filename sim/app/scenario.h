#pragma once

#include "sim/plan/find.h"

namespace nym::sim {

/// As the environment says.
ScenarioFolder scenario_folder();

}  // namespace nym::sim
