#pragma once

#include <algorithm>

#include "sim/measure/measurements.h"
#include "sim/record/start.h"

namespace nym::sim {

inline double in_seconds(Duration duration) {
  return static_cast<double>(duration.ns()) / 1e9;
}

/// A meter that knows when warming up is over and how long the run lasted.
class TimedMeter : public Meter {
 public:
  void on_phase(TimePoint now, Phase) override { touch(now); }

 protected:
  explicit TimedMeter(const MeasurePlan& measure) : warm_up_(measure.warm_up) {}

  /// To be called with the time of everything that a meter is told. Since the start; nothing while warming up.
  std::optional<Duration> touch(TimePoint now) {
    end_ = std::max(end_, now - kRunStart);
    if (now - kRunStart < warm_up_) return std::nullopt;
    return now - kRunStart;
  }
  Duration warm_up() const { return warm_up_; }
  /// Of the run, as far as the meter was told.
  Duration end() const { return end_; }
  /// Time that was measured, in seconds.
  double measured_seconds() const { return end_ > warm_up_ ? in_seconds(end_ - warm_up_) : 0; }

 private:
  Duration warm_up_;
  Duration end_;
};

}  // namespace nym::sim
