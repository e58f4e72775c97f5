#include "sim/plan/plan.h"

#include <algorithm>

namespace nym::sim {
namespace {

// In the order of the enumeration.
constexpr std::array<const char*, kMetricCount> kMetrics = {
    "latency",       "goodput",       "overhead",        "node-load",      "queue-depth",
    "drops",         "surb-stock",    "cover-rate",      "client-states",  "entropy",
    "anonymity-set", "unlinkability", "unobservability", "corrupt-routes", "loop-loss"};

}  // namespace

const char* to_string(Fidelity fidelity) {
  return fidelity == Fidelity::real ? "real" : "model";
}

std::optional<Fidelity> fidelity_from(std::string_view name) {
  if (name == "real") return Fidelity::real;
  if (name == "model") return Fidelity::model;
  return std::nullopt;
}

const char* to_string(Metric metric) {
  return kMetrics.at(static_cast<std::size_t>(metric));
}

std::optional<Metric> metric_from(std::string_view name) {
  auto found = std::find(kMetrics.begin(), kMetrics.end(), name);
  if (found == kMetrics.end()) return std::nullopt;
  return static_cast<Metric>(found - kMetrics.begin());
}

}  // namespace nym::sim
