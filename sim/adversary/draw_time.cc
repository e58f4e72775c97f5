#include "sim/adversary/draw_time.h"

#include "engine/base/overloaded.h"
#include "sim/kernel/normal.h"

namespace nym::sim {
namespace {

Duration draw_between(RandomSource& random, Duration min, Duration max) {
  auto span = static_cast<std::uint64_t>((max - min).ns());
  return min + Duration::nanoseconds(static_cast<std::int64_t>(draw_below(random, span + 1)));
}

}  // namespace

Duration draw_time(RandomSource& random, const TimeDistribution& distribution) {
  Duration sum;
  for (const auto& term : distribution.terms) {
    sum += std::visit(
        Overloaded{
            [](const FixedTime& fixed) { return fixed.value; },
            [&](const UniformTime& uniform) { return draw_between(random, uniform.min, uniform.max); },
            [&](const NormalTime& normal) { return draw_normal(random, normal.mean, normal.deviation); },
            [&](const LogNormalTime& log) { return draw_log_normal(random, log.median, log.sigma_millionths); },
            [&](const ExponentialTime& exponential) { return draw_exponential(random, exponential.mean); },
            [](const MatrixTime&) { return Duration(); },
        },
        term);
  }
  return sum;
}

}  // namespace nym::sim
