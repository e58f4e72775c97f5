#pragma once

#include <chrono>
#include <cstdint>

namespace nym::sim {

/// Of the machine that the simulator runs on: how long runs take, when a budget is over. It decides nothing in a run.
inline std::int64_t wall_clock_ms() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

}  // namespace nym::sim
