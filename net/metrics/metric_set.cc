#include "net/metrics/metric_set.h"

#include <prometheus/text_serializer.h>

#include <iterator>
#include <map>
#include <sstream>

namespace nym::net {

prometheus::Counter& MetricSet::counter(const std::string& name, const std::string& help) {
  return prometheus::BuildCounter().Name(name).Help(help).Labels(labels_).Register(registry_).Add({});
}

prometheus::Gauge& MetricSet::gauge(const std::string& name, const std::string& help) {
  return prometheus::BuildGauge().Name(name).Help(help).Labels(labels_).Register(registry_).Add({});
}

prometheus::Histogram& MetricSet::histogram(const std::string& name, const std::string& help,
                                            std::vector<double> bounds) {
  return prometheus::BuildHistogram().Name(name).Help(help).Labels(labels_).Register(registry_).Add({},
                                                                                                    std::move(bounds));
}

std::string to_text(std::vector<prometheus::MetricFamily> families) {
  std::vector<prometheus::MetricFamily> merged;
  std::map<std::string, std::size_t> places;
  for (auto& family : families) {
    auto [place, is_new] = places.try_emplace(family.name, merged.size());
    if (is_new) {
      merged.push_back(std::move(family));
      continue;
    }
    auto& into = merged[place->second].metric;
    into.insert(into.end(), std::make_move_iterator(family.metric.begin()),
                std::make_move_iterator(family.metric.end()));
  }
  std::ostringstream out;
  prometheus::TextSerializer().Serialize(out, merged);
  return out.str();
}

void raise_to(prometheus::Counter& counter, double total) {
  if (total > counter.Value()) counter.Increment(total - counter.Value());
}

}  // namespace nym::net
