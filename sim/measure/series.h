#pragma once

#include "sim/measure/measurements.h"

namespace nym::sim {

/// What happened in each window of time, in bounded memory: when there would be more than `most` windows, each two
/// neighbours become one. Times are since the start of the run.
class WindowSums {
 public:
  /// What is added before `begin` is not counted. `most` >= 2.
  WindowSums(Duration begin, Duration window, std::size_t most);
  /// Times may come in any order.
  void add(Duration at, double amount = 1);

  Duration window() const { return window_; }
  double total() const { return total_; }
  double at(std::size_t index) const { return index < sums_.size() ? sums_[index] : 0; }
  Duration begin_of(std::size_t index) const { return begin_ + window_ * static_cast<std::int64_t>(index); }
  /// Windows up to `end`; a last one of which less than half lies before `end` does not count, unless it is the only
  /// one.
  std::size_t windows_until(Duration end) const;
  /// Per second of each window.
  std::vector<Series::Point> rates(Duration end) const;

 private:
  void join_neighbours();

  Duration begin_;
  Duration window_;
  std::size_t most_;
  std::vector<double> sums_;
  double total_ = 0;
};

/// What a window of one comes to divided by that of the other; nothing where the other is zero. Both have the same
/// windows: they were made alike and joined alike, which `end` decides.
std::vector<Series::Point> ratio_of(WindowSums numerator, WindowSums denominator, Duration end);

/// Values looked up at regular times, in bounded memory: when there would be more than `most`, every second one goes,
/// and from then on every second one comes in. Largest and mean are those of all.
class Samplings {
 public:
  explicit Samplings(std::size_t most) : most_(most) {}
  void add(Duration at, double value);

  const std::vector<Series::Point>& points() const { return points_; }
  std::uint64_t count() const { return count_; }
  double largest() const { return largest_; }
  double mean() const { return count_ == 0 ? 0 : sum_ / static_cast<double>(count_); }
  /// The series, and figures `NAME.max` and `NAME.mean`. Nothing if there was no value.
  void add_to(Measurements& measurements, Metric metric, const std::string& name, const std::string& unit) const;

 private:
  std::size_t most_;
  std::uint64_t stride_ = 1;
  std::vector<Series::Point> points_;
  std::uint64_t count_ = 0;
  double largest_ = 0;
  double sum_ = 0;
};

}  // namespace nym::sim
