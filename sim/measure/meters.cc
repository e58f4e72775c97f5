#include "sim/measure/meters.h"

#include <algorithm>

#include "sim/measure/kinds.h"

namespace nym::sim {
namespace {

using MakeMeter = std::unique_ptr<Meter> (*)(const Plan&);

MakeMeter maker_of(Metric metric) {
  switch (metric) {
    case Metric::latency:
      return make_latency_meter;
    case Metric::goodput:
      return make_goodput_meter;
    case Metric::overhead:
      return make_overhead_meter;
    case Metric::node_load:
      return make_node_load_meter;
    case Metric::queue_depth:
      return make_queue_depth_meter;
    case Metric::drops:
      return make_drops_meter;
    case Metric::surb_stock:
      return make_surb_stock_meter;
    case Metric::cover_rate:
      return make_cover_rate_meter;
    case Metric::client_states:
      return make_client_states_meter;
    case Metric::entropy:
    case Metric::anonymity_set:
    case Metric::unlinkability:
    case Metric::unobservability:
    case Metric::corrupt_routes:
    case Metric::loop_loss:
      return nullptr;
  }
  return nullptr;
}

}  // namespace

std::vector<Metric> measured_metrics(const Plan& plan) {
  std::vector<Metric> metrics = plan.measure.metrics;
  const auto& expect = plan.expect;
  auto need = [&](bool is_expected, Metric metric) {
    if (is_expected) metrics.push_back(metric);
  };
  need(expect.latency_p50 || expect.latency_p95 || expect.latency_p99, Metric::latency);
  need(expect.cover_rate_within.has_value(), Metric::cover_rate);
  need(expect.max_overhead_thousandths.has_value(), Metric::overhead);
  need(expect.min_entropy_thousandths.has_value(), Metric::entropy);
  need(expect.min_anonymity_set_thousandths.has_value(), Metric::anonymity_set);
  need(expect.max_corrupt_routes.has_value(), Metric::corrupt_routes);
  need(expect.max_linked.has_value(), Metric::unlinkability);
  need(expect.loop_loss_noticed_within.has_value(), Metric::loop_loss);
  std::sort(metrics.begin(), metrics.end());
  metrics.erase(std::unique(metrics.begin(), metrics.end()), metrics.end());
  return metrics;
}

std::vector<std::unique_ptr<Meter>> make_meters(const Plan& plan) {
  std::vector<std::unique_ptr<Meter>> meters;
  for (auto metric : measured_metrics(plan)) {
    if (auto make = maker_of(metric)) meters.push_back(make(plan));
  }
  return meters;
}

}  // namespace nym::sim
