#pragma once

#include "engine/base/time.h"

namespace nym::sim {

inline double seconds_of(Duration time) {
  return static_cast<double>(time.ns()) / 1e9;
}

}  // namespace nym::sim
