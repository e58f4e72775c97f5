#pragma once

#include "sim/adversary/attacker.h"
#include "sim/anonymity/origins.h"

namespace nym::sim {

/// What attackers have in common whose nodes do something to a share of what they send on: Sphinx packets, and what
/// gateways push to clients, but not what else gateways and clients say to each other.
class ActiveNodes : public Attacker {
 public:
  ActiveNodes(std::string name, const Plan& plan, const Adversary& adversary, const NodeSet& nodes, Probability share,
              std::unique_ptr<RandomSource> random);

  Part linked() const override { return {}; }

 protected:
  /// Whether to do it to this frame: draws.
  bool goes_for(TimePoint now, const FrameSent& frame);
  bool is_mine(NodeName node) const { return nodes_.contains(node); }
  RandomSource& random() { return *random_; }

 private:
  std::set<NodeName> nodes_;
  Probability share_;
  std::unique_ptr<RandomSource> random_;
};

/// Loses them. It learns nothing: `dropped.<name>` counts them.
class DroppingAttacker final : public ActiveNodes {
 public:
  DroppingAttacker(std::string name, const Plan& plan, const Adversary& adversary, const DroppingNodes& kind,
                   std::unique_ptr<RandomSource> random)
      : ActiveNodes(std::move(name), plan, adversary, kind.nodes, kind.share, std::move(random)) {}

  Interception intercept(TimePoint now, const FrameSent& frame) override;
  void add_to(Measurements& measurements) const override;

 private:
  std::uint64_t dropped_ = 0;
};

/// Holds them back. It learns nothing: `delayed.<name>` counts them.
class DelayingAttacker final : public ActiveNodes {
 public:
  DelayingAttacker(std::string name, const Plan& plan, const Adversary& adversary, const DelayingNodes& kind,
                   std::unique_ptr<RandomSource> random)
      : ActiveNodes(std::move(name), plan, adversary, kind.nodes, kind.share, std::move(random)), by_(kind.by) {}

  Interception intercept(TimePoint now, const FrameSent& frame) override;
  void add_to(Measurements& measurements) const override;

 private:
  TimeDistribution by_;
  std::uint64_t delayed_ = 0;
};

}  // namespace nym::sim
