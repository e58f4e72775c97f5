#pragma once

#include "engine/base/random.h"
#include "engine/base/time.h"

namespace nym::sim {

// Distributions that links have and the protocol does not. Whole numbers only: equal on every machine.

/// A standard normal number as a multiple of 2^-32, at most 7 from zero.
std::int64_t draw_standard_normal(RandomSource& random);

/// Normal; below zero is zero.
Duration draw_normal(RandomSource& random, Duration mean, Duration deviation);

/// Its logarithm is normal, with a deviation of `sigma_millionths` / 10^6, at most 10^7.
Duration draw_log_normal(RandomSource& random, Duration median, std::int64_t sigma_millionths);

}  // namespace nym::sim
