#include "sim/anonymity/loop_loss_meter.h"

#include <cmath>

namespace nym::sim {
namespace {

constexpr std::uint64_t kLeastLost = 3;
constexpr double kDeviations = 4;

bool harms_packets(const AdversaryKind& kind) {
  return std::holds_alternative<DroppingNodes>(kind) || std::holds_alternative<DelayingNodes>(kind) ||
         std::holds_alternative<NMinusOne>(kind) || std::holds_alternative<Tagging>(kind);
}

}  // namespace

LoopLossMeter::LoopLossMeter(const Plan& plan) : from_(kRunStart + plan.measure.warm_up), window_(plan.measure.window) {
  for (const auto& adversary : plan.adversaries) {
    if (!harms_packets(adversary.kind)) continue;
    auto begin = ActiveTime(adversary).from;
    if (!attack_ || begin < *attack_) attack_ = begin;
  }
}

void LoopLossMeter::on_mixnode_event(TimePoint now, std::uint32_t, const mixnode::Event& event) {
  bool is_lost = std::holds_alternative<mixnode::LoopLost>(event);
  if (!is_lost && !std::holds_alternative<mixnode::LoopReturned>(event)) return;
  auto add = [&](Count& count) {
    ++count.ended;
    count.lost += is_lost ? 1U : 0U;
  };
  if (now >= from_) {
    add(measured_);
    add(windows_[(now - kRunStart).ns() / window_.ns()]);
  }
  bool attacked = attack_ && now >= *attack_;
  add(attacked ? since_attack_ : before_attack_);
  if (attacked && is_lost && !noticed_ && is_noticeable()) noticed_ = now;
}

bool LoopLossMeter::is_noticeable() const {
  double expected = before_attack_.share() * static_cast<double>(since_attack_.ended);
  auto lost = static_cast<double>(since_attack_.lost);
  return since_attack_.lost >= kLeastLost && lost >= expected + kDeviations * std::sqrt(expected);
}

void LoopLossMeter::add_to(Measurements& measurements) const {
  if (measured_.ended == 0) return;
  measurements.figures.push_back({Metric::loop_loss, "loop_loss", "", measured_.share()});
  if (noticed_) {
    auto seconds = static_cast<double>((*noticed_ - *attack_).ns()) * 1e-9;
    measurements.figures.push_back({Metric::loop_loss, "loop_loss_noticed", "s", seconds});
  }
  Series series{Metric::loop_loss, "loop_loss", "", {}};
  for (const auto& [index, count] : windows_) series.points.push_back({window_ * index, count.share()});
  measurements.series.push_back(std::move(series));
}

}  // namespace nym::sim
