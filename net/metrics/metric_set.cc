#include "net/metrics/metric_set.h"

#include <prometheus/text_serializer.h>

#include <sstream>

namespace nym::net {

prometheus::Counter& MetricSet::counter(const std::string& name, const std::string& help) {
  return prometheus::BuildCounter().Name(name).Help(help).Register(registry_).Add({});
}

prometheus::Gauge& MetricSet::gauge(const std::string& name, const std::string& help) {
  return prometheus::BuildGauge().Name(name).Help(help).Register(registry_).Add({});
}

prometheus::Histogram& MetricSet::histogram(const std::string& name, const std::string& help,
                                            std::vector<double> bounds) {
  return prometheus::BuildHistogram().Name(name).Help(help).Register(registry_).Add({}, std::move(bounds));
}

std::string MetricSet::text() const {
  std::ostringstream out;
  prometheus::TextSerializer().Serialize(out, registry_.Collect());
  return out.str();
}

void raise_to(prometheus::Counter& counter, double total) {
  if (total > counter.Value()) counter.Increment(total - counter.Value());
}

}  // namespace nym::net
