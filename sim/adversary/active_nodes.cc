#include "sim/adversary/active_nodes.h"

#include "sim/adversary/figures.h"
#include "sim/adversary/nodes_of.h"
#include "sim/grammar/draw_time.h"

namespace nym::sim {

std::set<NodeName> nodes_in(const Plan& plan, const NodeSet& set) {
  auto nodes = resolve(plan, set);
  NYM_CHECK(nodes);
  return {nodes->begin(), nodes->end()};
}

ActiveNodes::ActiveNodes(std::string name, const Plan& plan, const Adversary& adversary, const NodeSet& nodes,
                         Probability share, std::unique_ptr<RandomSource> random)
    : Attacker(std::move(name), adversary), nodes_(nodes_in(plan, nodes)), share_(share), random_(std::move(random)) {}

bool ActiveNodes::goes_for(TimePoint now, const FrameSent& frame) {
  if (!is_active(now) || frame.kind == FrameKind::control || !is_mine(frame.from)) return false;
  return draw_event(*random_, share_);
}

Interception DroppingAttacker::intercept(TimePoint now, const FrameSent& frame) {
  if (!goes_for(now, frame)) return {};
  ++dropped_;
  return {.fate = Interception::Fate::lose};
}

void DroppingAttacker::add_to(Measurements& measurements) const {
  add_count(measurements, Metric::drops, "dropped", *this, dropped_);
}

Interception DelayingAttacker::intercept(TimePoint now, const FrameSent& frame) {
  if (!goes_for(now, frame)) return {};
  ++delayed_;
  return {.delay = draw_time(random(), by_, [](const LatencyMatrix&) { return Duration(); })};
}

void DelayingAttacker::add_to(Measurements& measurements) const {
  add_count(measurements, Metric::drops, "delayed", *this, delayed_);
}

}  // namespace nym::sim
