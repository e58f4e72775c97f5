#pragma once

#include <map>

#include "sim/measure/measurements.h"

namespace nym::sim {

/// At most so many values of one kind are kept for quantiles; means go on.
inline constexpr std::size_t kKeptValues = 200'000;

/// Values in the order in which they come, their mean, their means over windows, and their quantiles.
class Summary {
 public:
  explicit Summary(Duration window) : window_(window) {}

  void add(Duration at, double value);
  std::size_t count() const { return count_; }
  double mean() const { return count_ == 0 ? 0 : sum_ / static_cast<double>(count_); }
  /// The smallest value that at least this share of them does not exceed; 0 < share <= 1.
  double quantile(double share) const;
  /// One point for each window in which there was something.
  std::vector<Series::Point> over_time() const;
  std::vector<double> ascending() const;

 private:
  struct Window {
    double sum = 0;
    std::size_t count = 0;
  };
  Duration window_;
  std::size_t count_ = 0;
  double sum_ = 0;
  std::vector<double> values_;
  std::map<std::int64_t, Window> windows_;
};

}  // namespace nym::sim
