#pragma once

#include <string>
#include <vector>

#include "sim/plan/plan.h"

/// What theory says of a plan's network, to be held against what a simulation of it shows.
namespace nym::sim {

struct Prediction {
  std::string name;  ///< as in Watcher
  std::string unit;
  double value = 0;
  double resolution = 0;  ///< of the calculation itself
  std::string theory;     ///< where it comes from, in a few words
};
struct Theory {
  std::vector<Prediction> predictions;
  std::vector<std::string> silent_about;  ///< what has no prediction, and why
};

/// Rates of what clients send and links carry, how much mixnodes hold and for how long, how long messages take, and how
/// uncertain somebody who sees all links is. Of plans without loss and faults, in their steady state.
Theory predict(const Plan& plan);

/// Bits of uncertainty that a memoryless mix, or several in a row, give to a packet: `rate` packets a second come out
/// in all. One: log2(e * rate * mean). Three: the entropy of an Erlang distribution, 3 + ln 2 - 2 psi(3) + ln(mean).
double entropy_of_mixes(int mixes, double rate, double mean_delay);

/// When figures are taken from: after registration and first filling.
Duration steady_from(const Plan& plan);

}  // namespace nym::sim
