#pragma once

#include <memory>

#include "sim/measure/measurements.h"

namespace nym::sim {

/// Those of the plan's metrics that are about anonymity: entropy and anonymity set (one meter for both), unlinkability,
/// unobservability, corrupt routes, loop loss. `random` is what make_adversaries gets: both then take the same mixnodes
/// for corrupt. The plan must have no problem.
std::vector<std::unique_ptr<Meter>> make_anonymity_meters(const Plan& plan, RandomSource& random);

}  // namespace nym::sim
