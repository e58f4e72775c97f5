#pragma once

#include "sim/adversary/active_nodes.h"

namespace nym::sim {

/// Sends packets a second time and sees where something comes out twice. A packet is linked when its copy came to a
/// client as well: who watches all links then sees two where there was one, from its sender to its receiver. Nodes that
/// refuse replays let no copy through. Packets of which no copy was sent do not count.
///
/// `replayed.<name>` counts copies, `replays_refused.<name>` packets that nodes refused as replays in its time.
class ReplayingAttacker final : public ActiveNodes {
 public:
  ReplayingAttacker(std::string name, const Plan& plan, const Adversary& adversary, const ReplayingNodes& kind,
                    std::unique_ptr<RandomSource> random)
      : ActiveNodes(std::move(name), plan, adversary, kind.nodes, kind.share, std::move(random)), after_(kind.after) {}

  Interception intercept(TimePoint now, const FrameSent& frame) override;
  void on_frame_sent(TimePoint now, const FrameSent& frame) override;
  void on_mixnode_event(TimePoint now, std::uint32_t mixnode, const mixnode::Event& event) override;
  void on_gateway_event(TimePoint now, std::uint32_t gateway, const gateway::Event& event) override;
  Part linked() const override { return linked_; }
  void add_to(Measurements& measurements) const override;

 private:
  enum class Times : std::uint8_t { copied, came_once, came_twice };
  Origins origins_;
  FrameMap<Times> copied_;  ///< message packets of which there is a copy, by their uploads
  Duration after_;
  std::uint64_t replayed_ = 0;
  std::uint64_t refused_ = 0;
  Part linked_;
};

}  // namespace nym::sim
