#include "sim/network/time_draw.h"

#include "engine/base/overloaded.h"
#include "sim/kernel/normal.h"

namespace nym::sim {
namespace {

Duration draw_uniform(RandomSource& random, const UniformTime& time) {
  auto width = static_cast<std::uint64_t>((time.max - time.min).ns());
  return time.min + Duration::nanoseconds(static_cast<std::int64_t>(draw_below(random, width + 1)));
}

}  // namespace

Duration draw_time(RandomSource& random, const TimeDistribution& distribution, const Sites& sites, HostId from,
                   HostId to) {
  Duration sum;
  for (const auto& term : distribution.terms) {
    sum += std::visit(
        Overloaded{
            [](const FixedTime& time) { return time.value; },
            [&](const UniformTime& time) { return draw_uniform(random, time); },
            [&](const NormalTime& time) { return draw_normal(random, time.mean, time.deviation); },
            [&](const LogNormalTime& time) { return draw_log_normal(random, time.median, time.sigma_millionths); },
            [&](const ExponentialTime& time) { return draw_exponential(random, time.mean); },
            [&](const MatrixTime& time) { return sites.time_between(*time.matrix, from, to); },
        },
        term);
  }
  return sum;
}

}  // namespace nym::sim
