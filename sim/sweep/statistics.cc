#include "sim/sweep/statistics.h"

#include <array>
#include <cmath>

namespace nym::sim {

void Statistics::add(double value) {
  ++count_;
  double distance = value - mean_;
  mean_ += distance / static_cast<double>(count_);
  squares_ += distance * (value - mean_);
}

double Statistics::deviation() const {
  return count_ < 2 ? 0 : std::sqrt(squares_ / static_cast<double>(count_ - 1));
}

double Statistics::confidence() const {
  if (count_ < 2) return 0;
  return student_quantile(count_ - 1) * deviation() / std::sqrt(static_cast<double>(count_));
}

// A table, and beyond it the expansion around the normal distribution, which is then exact to four digits.
double student_quantile(std::uint64_t degrees_of_freedom) {
  constexpr std::array<double, 30> kTable = {12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228,
                                             2.201,  2.179, 2.160, 2.145, 2.131, 2.120, 2.110, 2.101, 2.093, 2.086,
                                             2.080,  2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042};
  if (degrees_of_freedom == 0) return 0;
  if (degrees_of_freedom <= kTable.size()) return kTable.at(degrees_of_freedom - 1);
  constexpr double kNormal = 1.959964;
  auto n = static_cast<double>(degrees_of_freedom);
  double cube = kNormal * kNormal * kNormal;
  double fifth = cube * kNormal * kNormal;
  return kNormal + (cube + kNormal) / (4 * n) + (5 * fifth + 16 * cube + 3 * kNormal) / (96 * n * n);
}

}  // namespace nym::sim
