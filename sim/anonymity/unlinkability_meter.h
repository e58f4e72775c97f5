#pragma once

#include "sim/anonymity/mass_flow.h"
#include "sim/anonymity/origins.h"
#include "sim/anonymity/summary.h"

namespace nym::sim {

/// Third-party unlinkability, as the literature on Loopix estimates it: given two challenge senders A and B, how much
/// likelier than the other does one of them look as the sender of a packet that is theirs?
///
/// A and B are the two clients that first sent a message packet. Everything that A uploads, cover included, carries 1
/// of `A` through the mass flow (MassFlow), likewise B. A client that gets a packet which truly came from A or B gets
/// it with masses a and b, and the loss of privacy is |ln(a / b)|; infinite where one is none.
///
/// Figures: `unlinkability_epsilon`, the least epsilon that all but a share of 0.05 (delta) of such packets do not
/// exceed, infinite ones counting as kMostEpsilon; `unlinkability_delta`, the share of them that exceeds an epsilon of
/// 1; `unlinkability_packets`, how many there were. Without any there are no figures.
class UnlinkabilityMeter final : public Meter {
 public:
  static constexpr double kMostEpsilon = 100;

  UnlinkabilityMeter(const Plan& plan, CorruptSet corrupt);

  bool wants_peeled_from() const override { return true; }
  void on_frame_sent(TimePoint now, const FrameSent& frame) override;
  void on_frame_arrived(TimePoint now, const FrameArrived& frame) override { flow_.on_frame_arrived(now, frame); }
  void on_frame_lost(TimePoint, const FrameLost& frame) override { flow_.on_frame_lost(frame); }
  void on_mixnode_event(TimePoint, std::uint32_t mixnode, const mixnode::Event& event) override {
    flow_.on_mixnode_event(mixnode, event);
  }
  void on_node_state(TimePoint, NodeName node, NodeState state) override { flow_.on_node_state(node, state); }
  void add_to(Measurements& measurements) const override;

 private:
  std::optional<std::size_t> slot_of(std::uint32_t client) const;
  void choose(const FrameSent& upload);

  TimePoint from_;
  MassFlow flow_;
  Origins origins_;
  std::vector<std::uint32_t> challengers_;
  Summary epsilons_;
  std::size_t beyond_one_ = 0;
};

}  // namespace nym::sim
