#include <algorithm>

#include "sim/measure/histogram.h"
#include "sim/measure/kinds.h"
#include "sim/measure/limits.h"
#include "sim/measure/series.h"
#include "sim/measure/timed_meter.h"

namespace nym::sim {
namespace {

/// From the moment that an application handed a message over to its delivery, of messages and replies.
class LatencyMeter : public TimedMeter {
 public:
  explicit LatencyMeter(const Plan& plan)
      : TimedMeter(plan.measure),
        sums_(warm_up(), plan.measure.window, kSeriesPoints),
        counts_(warm_up(), plan.measure.window, kSeriesPoints) {}

  void on_message(TimePoint now, const MessageMoved& moved) override {
    auto at = touch(now);
    if (moved.step == MessageStep::submitted) submit(moved.message, now, at.has_value());
    if (moved.step == MessageStep::delivered && at) deliver(moved.message, now, *at);
  }

  void add_to(Measurements& measurements) const override {
    auto figure = [&](const char* name, const char* unit, double value) {
      measurements.figures.push_back({Metric::latency, name, unit, value});
    };
    figure("latency_messages", "", static_cast<double>(latencies_.count()));
    if (unmeasured_ > 0) figure("latency_unmeasured", "", static_cast<double>(unmeasured_));
    if (latencies_.count() == 0) return;
    figure("latency_p50", "s", latencies_.quantile(0.50) / 1e9);
    figure("latency_p95", "s", latencies_.quantile(0.95) / 1e9);
    figure("latency_p99", "s", latencies_.quantile(0.99) / 1e9);
    figure("latency_mean", "s", latencies_.mean() / 1e9);
    figure("latency_max", "s", static_cast<double>(latencies_.largest()) / 1e9);
    auto values = latencies_.spread(kSampleValues);
    for (auto& value : values) value /= 1e9;
    measurements.samples.push_back({Metric::latency, "latency", "s", std::move(values)});
    measurements.series.push_back({Metric::latency, "latency_mean", "s", ratio_of(sums_, counts_, end())});
  }

 private:
  // Submitted while warming up, or not yet: not measured.
  static constexpr TimePoint kNot = TimePoint();

  static std::size_t place(MessageRef message) {
    return std::size_t{message.number} * 2 + static_cast<std::size_t>(message.part);
  }
  void submit(MessageRef message, TimePoint now, bool is_measured) {
    if (!is_measured) return;
    if (place(message) >= kMeasuredMessages * 2) {
      ++unmeasured_;
      return;
    }
    if (place(message) >= submitted_.size()) submitted_.resize(place(message) + 1, kNot);
    submitted_[place(message)] = now;
  }
  void deliver(MessageRef message, TimePoint now, Duration at) {
    if (place(message) >= submitted_.size() || submitted_[place(message)] == kNot) return;
    auto latency = now - submitted_[place(message)];
    submitted_[place(message)] = kNot;  // a second delivery is a checker's business
    latencies_.add(static_cast<std::uint64_t>(std::max<std::int64_t>(latency.ns(), 0)));
    sums_.add(at, in_seconds(latency));
    counts_.add(at);
  }

  std::vector<TimePoint> submitted_;  ///< by message, its reply after it
  Histogram latencies_;
  WindowSums sums_;
  WindowSums counts_;
  std::uint64_t unmeasured_ = 0;
};

}  // namespace

std::unique_ptr<Meter> make_latency_meter(const Plan& plan) {
  return std::make_unique<LatencyMeter>(plan);
}

}  // namespace nym::sim
