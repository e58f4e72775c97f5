#pragma once

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>

#include <string>
#include <vector>

namespace nym::net {

/// One metric for each value of an enum: nobody outside can add to such a set of labels.
template <class Kind, class Metric>
class ByKind {
 public:
  explicit ByKind(std::vector<Metric*> metrics) : metrics_(std::move(metrics)) {}
  Metric& operator[](Kind kind) const { return *metrics_.at(static_cast<std::size_t>(kind)); }

 private:
  std::vector<Metric*> metrics_;
};

/// The metrics of a process. What is returned lives as long as the set. Labels are values of enums, named by their
/// `to_string`; never an address, a key or what somebody sent. Used by one thread.
class MetricSet {
 public:
  /// Every metric carries these labels too: which of several nodes in this process it is of.
  explicit MetricSet(prometheus::Labels labels = {}) : labels_(std::move(labels)) {}

  prometheus::Counter& counter(const std::string& name, const std::string& help);
  prometheus::Gauge& gauge(const std::string& name, const std::string& help);
  /// `bounds` ascend.
  prometheus::Histogram& histogram(const std::string& name, const std::string& help, std::vector<double> bounds);

  /// For the enum's values up to `last`, which begin at zero and leave none out.
  template <class Kind>
  ByKind<Kind, prometheus::Counter> counters(const std::string& name, const std::string& help, const std::string& label,
                                             Kind last) {
    return make<Kind>(prometheus::BuildCounter().Name(name).Help(help).Labels(labels_).Register(registry_), label,
                      last);
  }
  template <class Kind>
  ByKind<Kind, prometheus::Gauge> gauges(const std::string& name, const std::string& help, const std::string& label,
                                         Kind last) {
    return make<Kind>(prometheus::BuildGauge().Name(name).Help(help).Labels(labels_).Register(registry_), label, last);
  }

  std::vector<prometheus::MetricFamily> collect() const { return registry_.Collect(); }

 private:
  template <class Kind, class Metric>
  static ByKind<Kind, Metric> make(prometheus::Family<Metric>& family, const std::string& label, Kind last) {
    std::vector<Metric*> metrics;
    for (std::size_t i = 0; i <= static_cast<std::size_t>(last); ++i) {
      metrics.push_back(&family.Add({{label, std::string(to_string(static_cast<Kind>(i)))}}));
    }
    return ByKind<Kind, Metric>(std::move(metrics));
  }

  prometheus::Labels labels_;
  prometheus::Registry registry_;
};

/// In Prometheus' text form, version 0.0.4. Families of one name become one.
std::string to_text(std::vector<prometheus::MetricFamily> families);

/// Counters of the library only grow by steps; this brings one to a total that is read elsewhere.
void raise_to(prometheus::Counter& counter, double total);

}  // namespace nym::net
