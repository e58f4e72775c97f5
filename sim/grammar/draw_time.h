#pragma once

#include "engine/base/overloaded.h"
#include "engine/base/random.h"
#include "sim/grammar/distribution.h"
#include "sim/grammar/normal.h"

namespace nym::sim {

/// Both included.
inline Duration draw_between(RandomSource& random, Duration min, Duration max) {
  auto width = static_cast<std::uint64_t>((max - min).ns());
  return min + Duration::nanoseconds(static_cast<std::int64_t>(draw_below(random, width + 1)));
}

/// One draw of a distribution, never below zero; `time_in` gives the time that a matrix has for the case.
template <class TimeIn>
Duration draw_time(RandomSource& random, const TimeDistribution& distribution, const TimeIn& time_in) {
  Duration sum;
  for (const auto& term : distribution.terms) {
    sum += std::visit(
        Overloaded{
            [](const FixedTime& time) { return time.value; },
            [&](const UniformTime& time) { return draw_between(random, time.min, time.max); },
            [&](const NormalTime& time) { return draw_normal(random, time.mean, time.deviation); },
            [&](const LogNormalTime& time) { return draw_log_normal(random, time.median, time.sigma_millionths); },
            [&](const ExponentialTime& time) { return draw_exponential(random, time.mean); },
            [&](const MatrixTime& time) { return time_in(*time.matrix); },
        },
        term);
  }
  return sum;
}

}  // namespace nym::sim
