#pragma once

#include <cstdint>
#include <vector>

namespace nym::sim {

/// Counts whole numbers (nanoseconds, say) in buckets that are at most 1/128 as wide as what they hold is large. So
/// quantiles are right within 0.4 %, whatever the order of the values, in 60 kB.
class Histogram {
 public:
  Histogram();
  void add(std::uint64_t value);

  std::uint64_t count() const { return count_; }
  /// These three are exact; 0 of nothing.
  std::uint64_t smallest() const { return count_ == 0 ? 0 : smallest_; }
  std::uint64_t largest() const { return largest_; }
  double mean() const;
  /// The smallest value that at least the share `q` (0..1) of all values does not exceed; 0 of nothing.
  double quantile(double q) const;
  /// At most `most` of the values, evenly chosen by rank, ascending.
  std::vector<double> spread(std::size_t most) const;

 private:
  double value_at_rank(std::uint64_t rank) const;  ///< from 1

  std::vector<std::uint64_t> buckets_;
  std::uint64_t count_ = 0;
  std::uint64_t smallest_ = UINT64_MAX;
  std::uint64_t largest_ = 0;
  double sum_ = 0;
};

}  // namespace nym::sim
