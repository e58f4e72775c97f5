#pragma once

#include "sim/adversary/attacker.h"
#include "sim/anonymity/targets.h"

namespace nym::sim {

/// Sees when packets pass on all links of some nodes, and believes what the mass flow says (sim/anonymity/mass_flow.h).
/// A packet is linked when more than half of the belief about it is with one client, and that one got it.
class ObservingAttacker final : public Attacker {
 public:
  ObservingAttacker(std::string name, const Plan& plan, const Adversary& adversary, const PassiveObserver& kind);

  void on_frame_sent(TimePoint now, const FrameSent& frame) override { targets_.on_frame_sent(now, frame); }
  void on_frame_arrived(TimePoint now, const FrameArrived& frame) override { targets_.on_frame_arrived(now, frame); }
  void on_frame_lost(TimePoint, const FrameLost& frame) override { targets_.on_frame_lost(frame); }
  void on_mixnode_event(TimePoint, std::uint32_t mixnode, const mixnode::Event& event) override {
    targets_.on_mixnode_event(mixnode, event);
  }
  void on_node_state(TimePoint, NodeName node, NodeState state) override { targets_.on_node_state(node, state); }
  Part linked() const override;

 private:
  static void judge(Part& linked, const TargetEnd& target);
  Part linked_;
  Targets targets_;
};

}  // namespace nym::sim
