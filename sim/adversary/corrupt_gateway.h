#pragma once

#include <array>
#include <map>

#include "sim/adversary/attacker.h"
#include "sim/anonymity/origins.h"
#include "sim/anonymity/targets.h"

namespace nym::sim {

/// Knows what clients of its gateways send and get, and when, and nothing of what lies between. For a packet that one
/// of them sends it weighs everything that any of them gets afterwards by how likely that time is for three mixnodes
/// with the configured mean delay (an Erlang distribution; links are taken to be quick). A packet is linked when more
/// than half of the weight is with one client, and that one got it. Packets of clients of other gateways count as not
/// linked.
class CorruptGatewayAttacker final : public Attacker {
 public:
  CorruptGatewayAttacker(std::string name, const Plan& plan, const Adversary& adversary, const CorruptGateway& kind);

  void on_frame_sent(TimePoint now, const FrameSent& frame) override;
  Part linked() const override;

 private:
  struct Followed {
    FrameId upload;
    TimePoint sent;
    std::map<std::uint32_t, double> weights;  ///< by receiving client
    std::optional<std::uint32_t> true_receiver;
  };
  void follow(TimePoint now, const FrameSent& upload);
  void weigh(TimePoint now, const FrameSent& push);
  double likelihood(Duration after) const;
  static void judge(Part& linked, const Followed& followed);

  std::set<NodeName> gateways_;
  Duration mean_delay_;
  Duration horizon_;  ///< what comes later is taken for something else
  Origins origins_;
  std::array<std::optional<Followed>, kTargets> followed_;
  Part linked_;
};

}  // namespace nym::sim
