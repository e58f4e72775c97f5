#pragma once

#include <map>

#include "sim/adversary/attacker.h"
#include "sim/anonymity/frame_map.h"

namespace nym::sim {

/// Lets nothing into some mixnodes but the packets of its victims and its own, and so sees where the victims' leave.
///
/// While it acts, whatever else comes to a target is held back until it is over, or is lost if that is never. It floods
/// each target with packets of its own at the given rate, so that batches fill up; they go on to a gateway, which drops
/// them. Whoever made a packet knows what becomes of it, so it recognises these when they leave. It knows which packets
/// are a victim's up to the first mixnode, since gateways do not mix; it goes on knowing at a target if nothing else
/// was there that is not its own when the packet left: nothing from before, and no loop that the mixnode itself sent
/// meanwhile, which looks like any packet.
///
/// A victim's message packet is linked when it was known all the way to the client that got it, which takes targets
/// along its whole route. `followed_through.<name>` is the share of packets of victims that were known when they left a
/// target, of those that were known when they came; `held_back.<name>` and `flooded.<name>` count packets.
class NMinusOneAttacker final : public Attacker {
 public:
  NMinusOneAttacker(std::string name, const Plan& plan, const Adversary& adversary, const NMinusOne& kind,
                    std::unique_ptr<RandomSource> random);

  void begin(NetworkAccess& network) override;
  Interception intercept(TimePoint now, const FrameSent& frame) override;
  void on_frame_sent(TimePoint now, const FrameSent& frame) override;
  void on_frame_arrived(TimePoint now, const FrameArrived& frame) override;
  void on_mixnode_event(TimePoint now, std::uint32_t mixnode, const mixnode::Event& event) override;
  void on_node_state(TimePoint now, NodeName node, NodeState state) override;
  Part linked() const override { return linked_; }
  void add_to(Measurements& measurements) const override;

 private:
  enum class Content : std::uint8_t { message, other };
  struct Known {
    Content content{};
    FrameKind kind{};
  };
  struct Victims {
    Content content{};
    bool is_certain = true;  ///< nothing that it could be confused with left since it came
  };
  struct Target {
    std::set<FrameId> strangers;         ///< inside: neither a victim's nor its own
    std::map<FrameId, Victims> victims;  ///< inside
    FrameId latest;                      ///< to arrive
  };
  bool is_own(const FrameSent& frame) const;
  /// Whether it knows that what leaves this target now is a victim's.
  bool knows_inside(std::uint32_t mixnode, FrameId frame) const;
  void leave_target(Target& target, const FrameSent& frame);
  void flood();
  wire::MixFrame make_packet(std::uint32_t mixnode);

  std::map<std::uint32_t, Target> targets_;
  std::set<NodeName> victims_;
  std::array<std::uint32_t, 3> node_counts_;  ///< by kind
  Duration interval_;
  std::unique_ptr<RandomSource> random_;
  NetworkAccess* network_ = nullptr;
  FrameMap<Known> known_;  ///< frames outside targets that are known to be a victim's
  FrameMap<char> own_;
  Part linked_;
  Part followed_through_;
  std::uint64_t held_back_ = 0;
  std::uint64_t flooded_ = 0;
};

}  // namespace nym::sim
