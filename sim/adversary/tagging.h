#pragma once

#include "sim/adversary/active_nodes.h"

namespace nym::sim {

/// Its mixnodes flip a bit in the payloads of packets; its gateways see which packets come out damaged, for whom the
/// header says they were. Who sent a packet it knows when it tags it at its first mixnode (it sees the links before
/// that), so a packet is linked when it was tagged there, came out at one of its gateways, and no other tagged one was
/// under way then: what is damaged could not be anything else. Packets that it did not tag count as not linked.
///
/// `tagged.<name>` counts packets, `tags_recognised.<name>` is the share of them that came out at its gateways.
class TaggingAttacker final : public ActiveNodes {
 public:
  TaggingAttacker(std::string name, const Plan& plan, const Adversary& adversary, const Tagging& kind,
                  std::unique_ptr<RandomSource> random)
      : ActiveNodes(std::move(name), plan, adversary, kind.nodes, kind.share, std::move(random)) {}

  Interception intercept(TimePoint now, const FrameSent& frame) override;
  void on_frame_sent(TimePoint now, const FrameSent& frame) override;
  void on_frame_arrived(TimePoint now, const FrameArrived& frame) override;
  void on_frame_lost(TimePoint, const FrameLost& frame) override { under_way_.erase(frame.id); }
  void on_mixnode_event(TimePoint now, std::uint32_t mixnode, const mixnode::Event& event) override;
  void on_gateway_event(TimePoint now, std::uint32_t gateway, const gateway::Event& event) override;
  Part linked() const override { return linked_; }
  void add_to(Measurements& measurements) const override;

 private:
  struct Tag {
    bool links_a_message = false;  ///< a message packet, tagged where its sender is known
  };
  static constexpr std::size_t kTagsUnderWay = 100'000;  ///< more: none is tagged

  Origins origins_;
  std::map<FrameId, Tag> under_way_;    ///< by the frame that it is in now
  std::map<NodeName, FrameId> latest_;  ///< to arrive at each
  std::uint64_t tagged_ = 0;
  std::uint64_t recognised_ = 0;
  Part linked_;
};

}  // namespace nym::sim
