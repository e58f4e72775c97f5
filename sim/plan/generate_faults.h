#pragma once

#include "sim/plan/dice.h"
#include "sim/plan/plan.h"

namespace nym::sim {

// Parts of generated plans.

/// First which kinds are on in this plan, then faults of these kinds. Where messages may be lost by them, the plan
/// expects no more than that all have an outcome.
void draw_faults(Dice& dice, Plan& plan);
LinkChange any_link_change(Dice& dice);
Adversary any_adversary(Dice& dice);

}  // namespace nym::sim
