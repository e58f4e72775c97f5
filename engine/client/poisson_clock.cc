#include "engine/client/poisson_clock.h"

#include <algorithm>

#include "engine/base/limits.h"
#include "engine/base/probe.h"

namespace nym::client {

void PoissonClock::start(TimePoint now, Duration mean) {
  deadline_ = now + draw_exponential(*random_, mean);
}

void PoissonClock::advance(TimePoint now, Duration mean) {
  auto from = std::max(*deadline_, now - limits::kCatchUp);
  if (from > *deadline_) reach(Probe::traffic_clock_caught_up);
  deadline_ = from + draw_exponential(*random_, mean);
}

}  // namespace nym::client
