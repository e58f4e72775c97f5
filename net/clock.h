#pragma once

#include "engine/base/time.h"

namespace nym::net {

/// Never goes backwards; time that the machine sleeps counts.
TimePoint now();

UnixSeconds wall_now();

}  // namespace nym::net
