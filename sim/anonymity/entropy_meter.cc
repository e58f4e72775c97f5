#include "sim/anonymity/entropy_meter.h"

#include <cmath>

namespace nym::sim {

EntropyMeter::EntropyMeter(const Plan& plan, CorruptSet corrupt)
    : found_(plan.measure.window),
      targets_({std::move(corrupt), std::nullopt, kRunStart + plan.measure.warm_up},
               [this](const TargetEnd& target) { found_.add(target); }) {}

void EntropyMeter::Found::add(const TargetEnd& target) {
  if (target.arrived < kArrivedEnough) return;
  auto at = target.sent - kRunStart;
  double bits = target.receiver_entropy();
  entropy.add(at, bits);
  min_entropy.add(at, target.receiver_min_entropy());
  packet_entropy.add(at, target.packet_entropy());
  set.add(at, std::exp2(bits));
}

void EntropyMeter::add_to(Measurements& measurements) const {
  Found found = found_;
  for (const auto& target : targets_.unfinished()) found.add(target);
  if (found.entropy.count() == 0) return;
  constexpr double kFewest = 0.05;
  auto& figures = measurements.figures;
  figures.push_back({Metric::entropy, "entropy_mean", "bits", found.entropy.mean()});
  figures.push_back({Metric::entropy, "entropy_p5", "bits", found.entropy.quantile(kFewest)});
  figures.push_back({Metric::entropy, "min_entropy_mean", "bits", found.min_entropy.mean()});
  figures.push_back({Metric::entropy, "packet_entropy_mean", "bits", found.packet_entropy.mean()});
  figures.push_back({Metric::entropy, "entropy_targets", "", static_cast<double>(found.entropy.count())});
  figures.push_back({Metric::anonymity_set, "anonymity_set_mean", "", found.set.mean()});
  figures.push_back({Metric::anonymity_set, "anonymity_set_p5", "", found.set.quantile(kFewest)});
  measurements.series.push_back({Metric::entropy, "entropy", "bits", found.entropy.over_time()});
  measurements.series.push_back({Metric::anonymity_set, "anonymity_set", "", found.set.over_time()});
}

}  // namespace nym::sim
