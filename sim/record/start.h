#pragma once

#include "engine/base/time.h"

namespace nym::sim {

/// What the clock shows when a run begins; the times of plans, measurements and traces are since then.
inline constexpr TimePoint kRunStart = TimePoint::at(Duration::seconds(1));

}  // namespace nym::sim
