#pragma once

#include "engine/base/random.h"
#include "sim/grammar/distribution.h"

namespace nym::sim {

/// How long something is held back. A node holds back for no place's sake: terms with a matrix are nothing.
Duration draw_time(RandomSource& random, const TimeDistribution& distribution);

}  // namespace nym::sim
