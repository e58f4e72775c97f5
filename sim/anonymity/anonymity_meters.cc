#include "sim/anonymity/anonymity_meters.h"

#include <algorithm>

#include "sim/anonymity/corrupt_routes_meter.h"
#include "sim/anonymity/entropy_meter.h"
#include "sim/anonymity/loop_loss_meter.h"
#include "sim/anonymity/unlinkability_meter.h"
#include "sim/anonymity/unobservability_meter.h"

namespace nym::sim {

std::vector<std::unique_ptr<Meter>> make_anonymity_meters(const Plan& plan, RandomSource& random) {
  auto corrupt = draw_corrupt_mixes(plan, random);
  auto wants = [&](Metric metric) {
    const auto& metrics = plan.measure.metrics;
    return std::find(metrics.begin(), metrics.end(), metric) != metrics.end();
  };
  std::vector<std::unique_ptr<Meter>> meters;
  if (wants(Metric::entropy) || wants(Metric::anonymity_set)) {
    meters.push_back(std::make_unique<EntropyMeter>(plan, corrupt));
  }
  if (wants(Metric::unlinkability)) meters.push_back(std::make_unique<UnlinkabilityMeter>(plan, corrupt));
  if (wants(Metric::unobservability)) meters.push_back(std::make_unique<UnobservabilityMeter>(plan));
  if (wants(Metric::corrupt_routes)) meters.push_back(std::make_unique<CorruptRoutesMeter>(plan, corrupt));
  if (wants(Metric::loop_loss)) meters.push_back(std::make_unique<LoopLossMeter>(plan));
  return meters;
}

}  // namespace nym::sim
