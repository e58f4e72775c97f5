#pragma once

#include "net/metrics/metric_set.h"

namespace nym::net {

/// What a node of some role shows of itself. A role fills its counters from the events of its engine object and its
/// gauges, when somebody looks, from the object's status. Used by its runtime's thread.
class RoleMetrics {
 public:
  /// `labels` tell it from others in the same process.
  explicit RoleMetrics(prometheus::Labels labels = {}) : metrics_(std::move(labels)) {}
  RoleMetrics(const RoleMetrics&) = delete;
  RoleMetrics& operator=(const RoleMetrics&) = delete;
  virtual ~RoleMetrics() = default;

  /// Everything, current.
  std::vector<prometheus::MetricFamily> collect() {
    refresh();
    return metrics_.collect();
  }
  /// Empty when it can do its work; else what is missing, in the words of an enum: no address, no name.
  virtual std::string why_not_ready() const = 0;

 protected:
  virtual void refresh() = 0;
  MetricSet& metrics() { return metrics_; }

 private:
  MetricSet metrics_;
};

}  // namespace nym::net
