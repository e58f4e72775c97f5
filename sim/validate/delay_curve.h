#pragma once

#include <functional>
#include <vector>

#include "sim/grammar/distribution.h"

namespace nym::sim {

/// The distribution of a delay in seconds, on a grid of kStep. Sums of independent ones are right within a step.
class DelayCurve {
 public:
  static constexpr double kStep = 0.000'25;

  static DelayCurve fixed(double seconds);
  static DelayCurve exponential(double mean);
  /// Nothing for times that depend on who the nodes are.
  static std::optional<DelayCurve> of(const TimeDistribution& distribution);

  /// Of both, one after the other.
  DelayCurve then(const DelayCurve& next) const;
  DelayCurve times(int count) const;
  /// Of what passes a link that keeps the order, when it comes at the times of a Poisson process of this rate: as long
  /// as its own, and as that of whatever came before and would be overtaken.
  DelayCurve in_order(double rate) const;

  double mean() const;
  /// Its inverse distribution function.
  double quantile(double share) const;
  /// Differential, in nats.
  double entropy() const;

 private:
  /// Of what is above zero, by its distribution function.
  static DelayCurve from(const std::function<double(double)>& distribution);

  double shift_ = 0;          ///< of all of it, beside the grid
  std::vector<double> mass_;  ///< of the cell around i steps
};

}  // namespace nym::sim
