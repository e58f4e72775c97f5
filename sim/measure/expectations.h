#pragma once

#include "sim/measure/measurements.h"
#include "sim/record/verdict.h"

namespace nym::sim {

/// The expectations of a plan that are about figures, against what was measured by `end`: one sentence for each that
/// does not hold. Figures are found by name: those of meters.h, and `entropy_mean`, `anonymity_set_mean`,
/// `corrupt_routes` and `linked` (shares), `loop_loss_noticed` (seconds). One that is missing is a violation of what
/// must be reached; what must not be exceeded holds where there was nothing to exceed it.
std::vector<Violation> check_expectations(const Plan& plan, const Measurements& measurements, Duration end);

}  // namespace nym::sim
