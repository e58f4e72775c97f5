#pragma once

#include "net/metrics/process_metrics.h"

namespace nym::net {

/// What a node of some role shows of itself. A role fills its counters from the events of its engine object and its
/// gauges, when somebody looks, from the object's status. Used by its runtime's thread.
class RoleMetrics {
 public:
  RoleMetrics() = default;
  RoleMetrics(const RoleMetrics&) = delete;
  RoleMetrics& operator=(const RoleMetrics&) = delete;
  virtual ~RoleMetrics() = default;

  /// Everything, current, in Prometheus' text form.
  std::string scrape();
  /// Empty when it can do its work; else what is missing, in the words of an enum: no address, no name.
  virtual std::string why_not_ready() const = 0;

 protected:
  virtual void refresh() = 0;
  MetricSet& metrics() { return metrics_; }

 private:
  MetricSet metrics_;
  ProcessMetrics process_{metrics_};
};

}  // namespace nym::net
