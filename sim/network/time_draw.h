#pragma once

#include "engine/base/random.h"
#include "sim/network/sites.h"

namespace nym::sim {

/// One draw of a distribution for what goes between two hosts; never below zero.
Duration draw_time(RandomSource& random, const TimeDistribution& distribution, const Sites& sites, HostId from,
                   HostId to);

}  // namespace nym::sim
