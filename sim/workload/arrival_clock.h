#pragma once

#include "engine/base/random.h"
#include "sim/grammar/distribution.h"

namespace nym::sim {

/// When messages come, since the beginning of their workload; never goes back.
class ArrivalClock {
 public:
  ArrivalClock(Arrivals arrivals, RandomSource& random) : arrivals_(std::move(arrivals)), random_(random) {}

  Duration next();

 private:
  Duration next_of(const PoissonArrivals& arrivals);
  Duration next_of(const ConstantArrivals& arrivals);
  Duration next_of(const BurstArrivals& arrivals);
  Duration next_of(const OnOffArrivals& arrivals);
  Duration next_of(const DiurnalArrivals& arrivals);

  Arrivals arrivals_;
  RandomSource& random_;
  std::uint64_t drawn_ = 0;
  Duration passed_;  ///< of the Poisson process underneath
};

}  // namespace nym::sim
