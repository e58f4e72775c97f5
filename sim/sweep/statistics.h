#pragma once

#include <cstdint>

namespace nym::sim {

/// Mean and spread of values that come one by one.
class Statistics {
 public:
  void add(double value);
  std::uint64_t count() const { return count_; }
  double mean() const { return mean_; }
  /// Of the sample (n - 1); 0 for less than two values.
  double deviation() const;
  /// Half the width of the 95 % confidence interval of the mean (Student's t); 0 for less than two values.
  double confidence() const;

 private:
  std::uint64_t count_ = 0;
  double mean_ = 0;
  double squares_ = 0;  ///< of the distances from the mean
};

/// The 97.5 % quantile of Student's t distribution.
double student_quantile(std::uint64_t degrees_of_freedom);

}  // namespace nym::sim
