#pragma once

#include "sim/anonymity/summary.h"
#include "sim/anonymity/targets.h"

namespace nym::sim {

/// How uncertain somebody who sees all links, and who has the plan's corrupt mixnodes, is of where message packets went
/// (MassFlow, Targets). Of each packet that is followed, in bits:
///
///   entropy         Shannon's, over the clients that it may have gone to
///   min_entropy     of the likeliest of them
///   packet_entropy  Shannon's, over the single packets that came out, as in the literature on mixes
///   anonymity_set   2^entropy
///
/// Figures `entropy_mean`, `entropy_p5`, `min_entropy_mean`, `packet_entropy_mean`, `anonymity_set_mean`,
/// `anonymity_set_p5`, `entropy_targets` (how many were followed to their end); series `entropy`, `anonymity_set`, by
/// the time of sending. Without targets there are no figures.
class EntropyMeter final : public Meter {
 public:
  EntropyMeter(const Plan& plan, CorruptSet corrupt);

  bool wants_peeled_from() const override { return true; }
  void on_frame_sent(TimePoint now, const FrameSent& frame) override { targets_.on_frame_sent(now, frame); }
  void on_frame_arrived(TimePoint now, const FrameArrived& frame) override { targets_.on_frame_arrived(now, frame); }
  void on_frame_lost(TimePoint, const FrameLost& frame) override { targets_.on_frame_lost(frame); }
  void on_mixnode_event(TimePoint, std::uint32_t mixnode, const mixnode::Event& event) override {
    targets_.on_mixnode_event(mixnode, event);
  }
  void on_node_state(TimePoint, NodeName node, NodeState state) override { targets_.on_node_state(node, state); }
  void add_to(Measurements& measurements) const override;

 private:
  struct Found {
    explicit Found(Duration window) : entropy(window), min_entropy(window), packet_entropy(window), set(window) {}
    void add(const TargetEnd& target);
    Summary entropy;
    Summary min_entropy;
    Summary packet_entropy;
    Summary set;
  };
  Found found_;
  Targets targets_;
};

}  // namespace nym::sim
