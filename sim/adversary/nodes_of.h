#pragma once

#include <set>

#include "sim/plan/nodes.h"

namespace nym::sim {

/// Of a set that the plan's validation found good.
std::set<NodeName> nodes_in(const Plan& plan, const NodeSet& set);

}  // namespace nym::sim
