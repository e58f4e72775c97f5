#pragma once

#include "net/metrics/metric_set.h"

namespace nym::net {

/// What this process takes of the machine, as the kernel counts it.
class ProcessMetrics {
 public:
  explicit ProcessMetrics(MetricSet& metrics);
  /// Before each scrape.
  void refresh();

 private:
  prometheus::Counter& cpu_seconds_;
  prometheus::Gauge& resident_;
  prometheus::Gauge& anonymous_;
  prometheus::Gauge& open_files_;
};

}  // namespace nym::net
