#include "sim/anonymity/unlinkability_meter.h"

#include <algorithm>
#include <cmath>

namespace nym::sim {
namespace {

constexpr std::size_t kChallengers = 2;
constexpr double kDelta = 0.05;

}  // namespace

UnlinkabilityMeter::UnlinkabilityMeter(const Plan& plan, CorruptSet corrupt)
    : from_(kRunStart + plan.measure.warm_up),
      flow_(kChallengers, std::move(corrupt)),
      epsilons_(plan.measure.window) {}

std::optional<std::size_t> UnlinkabilityMeter::slot_of(std::uint32_t client) const {
  auto found = std::find(challengers_.begin(), challengers_.end(), client);
  if (found == challengers_.end()) return std::nullopt;
  return static_cast<std::size_t>(found - challengers_.begin());
}

void UnlinkabilityMeter::choose(const FrameSent& upload) {
  bool is_message = upload.content == client::PacketKind::real;
  if (!is_message || challengers_.size() == kChallengers || slot_of(upload.from.index)) return;
  challengers_.push_back(upload.from.index);
}

void UnlinkabilityMeter::on_frame_sent(TimePoint now, const FrameSent& frame) {
  const auto* origin = origins_.on_frame_sent(now, frame);
  auto masses = flow_.on_frame_sent(frame);
  if (frame.kind == FrameKind::upload) {
    choose(frame);
    if (auto slot = slot_of(frame.from.index)) flow_.put(frame.id, *slot);
    return;
  }
  bool counts = is_data_push(frame) && origin != nullptr && now >= from_ && challengers_.size() == kChallengers;
  if (!counts || !slot_of(origin->client)) return;
  masses.resize(kChallengers);
  double epsilon = std::abs(std::log(masses[0] / masses[1]));
  if (!(epsilon < kMostEpsilon)) epsilon = kMostEpsilon;  // also what is no number: both are none
  epsilons_.add(now - kRunStart, epsilon);
  if (epsilon > 1) ++beyond_one_;
}

void UnlinkabilityMeter::add_to(Measurements& measurements) const {
  if (epsilons_.count() == 0) return;
  auto packets = static_cast<double>(epsilons_.count());
  auto add = [&](const char* name, double value) {
    measurements.figures.push_back({Metric::unlinkability, name, "", value});
  };
  add("unlinkability_epsilon", epsilons_.quantile(1 - kDelta));
  add("unlinkability_delta", static_cast<double>(beyond_one_) / packets);
  add("unlinkability_packets", packets);
  measurements.series.push_back({Metric::unlinkability, "unlinkability_epsilon", "", epsilons_.over_time()});
}

}  // namespace nym::sim
