#include "sim/workload/arrival_clock.h"

#include <algorithm>

#include "engine/base/wide_int.h"

namespace nym::sim {
namespace {

constexpr std::uint64_t kWhole = std::uint64_t{1} << 32U;

Duration ratio(Duration time, std::uint64_t factor, std::uint64_t divisor) {
  auto ns = static_cast<Uint128>(static_cast<std::uint64_t>(time.ns())) * factor / divisor;
  return Duration::nanoseconds(static_cast<std::int64_t>(ns));
}

Duration mean_interval(Rate rate) {
  return rate.per / static_cast<std::int64_t>(rate.count);
}

/// How large the first rate is beside the second, at most 1.
Probability share(Rate small, Rate large) {
  auto numerator = static_cast<Uint128>(small.count) * static_cast<std::uint64_t>(large.per.ns());
  auto denominator = static_cast<Uint128>(large.count) * static_cast<std::uint64_t>(small.per.ns());
  if (numerator >= denominator) return {kWhole};
  while (denominator >> 90U != 0) {  // keeps the product below within its 128 bits
    numerator >>= 1U;
    denominator >>= 1U;
  }
  return {static_cast<std::uint64_t>(numerator * kWhole / denominator)};
}

}  // namespace

Duration ArrivalClock::next() {
  auto at = std::visit([this](const auto& arrivals) { return next_of(arrivals); }, arrivals_);
  ++drawn_;
  return at;
}

Duration ArrivalClock::next_of(const PoissonArrivals& arrivals) {
  return passed_ += draw_exponential(random_, mean_interval(arrivals.rate));
}

Duration ArrivalClock::next_of(const ConstantArrivals& arrivals) {
  return ratio(arrivals.rate.per, drawn_, arrivals.rate.count);
}

Duration ArrivalClock::next_of(const BurstArrivals& arrivals) {
  return arrivals.every * static_cast<std::int64_t>(drawn_ / arrivals.count);
}

// Only the time that it is on passes for the process.
Duration ArrivalClock::next_of(const OnOffArrivals& arrivals) {
  passed_ += draw_exponential(random_, mean_interval(arrivals.rate));
  auto turns = passed_.ns() / arrivals.on.ns();
  return (arrivals.on + arrivals.off) * turns + Duration::nanoseconds(passed_.ns() % arrivals.on.ns());
}

// Candidates come at the high rate; each counts with the share that the rate of its moment is of that.
Duration ArrivalClock::next_of(const DiurnalArrivals& arrivals) {
  auto lowest = share(arrivals.low, arrivals.high).parts;
  while (true) {
    passed_ += draw_exponential(random_, mean_interval(arrivals.high));
    auto in_period = passed_.ns() % arrivals.period.ns();
    auto from_low = std::min(in_period, arrivals.period.ns() - in_period);
    auto risen = static_cast<Uint128>(static_cast<std::uint64_t>(from_low)) * 2 * (kWhole - lowest) /
                 static_cast<std::uint64_t>(arrivals.period.ns());
    if (draw_event(random_, {lowest + static_cast<std::uint64_t>(risen)})) return passed_;
  }
}

}  // namespace nym::sim
