#pragma once

#include "engine/base/time.h"

namespace nym::sim {

/// One or more memoryless mixes in a row, fed by a Poisson process, without links and without a network around them.
struct MixChain {
  int mixes = 1;
  Duration between = Duration::microseconds(2'500);  ///< arrivals
  Duration delay = Duration::milliseconds(50);       ///< of each mix

  double rate() const { return 1e9 / static_cast<double>(between.ns()); }
};

/// Bits that the entropy meter finds for the packets of such a chain, in the mean, in so much virtual time.
double measured_entropy(const MixChain& chain, std::uint64_t seed, Duration length);

}  // namespace nym::sim
