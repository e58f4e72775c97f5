#include "sim/anonymity/summary.h"

#include <algorithm>
#include <cmath>

namespace nym::sim {

void Summary::add(Duration at, double value) {
  ++count_;
  sum_ += value;
  if (values_.size() < kKeptValues) values_.push_back(value);
  auto& window = windows_[at.ns() / window_.ns()];
  window.sum += value;
  ++window.count;
}

double Summary::quantile(double share) const {
  auto sorted = ascending();
  if (sorted.empty()) return 0;
  auto rank = static_cast<std::size_t>(std::ceil(share * static_cast<double>(sorted.size())));
  return sorted[std::clamp<std::size_t>(rank, 1, sorted.size()) - 1];
}

std::vector<Series::Point> Summary::over_time() const {
  std::vector<Series::Point> points;
  for (const auto& [index, window] : windows_) {
    points.push_back({window_ * index, window.sum / static_cast<double>(window.count)});
  }
  return points;
}

std::vector<double> Summary::ascending() const {
  auto sorted = values_;
  std::sort(sorted.begin(), sorted.end());
  return sorted;
}

}  // namespace nym::sim
