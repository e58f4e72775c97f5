#include "sim/adversary/passive_observer.h"

#include "sim/adversary/nodes_of.h"

namespace nym::sim {
namespace {

constexpr double kMostOfTheBelief = 0.5;

}  // namespace

ObservingAttacker::ObservingAttacker(std::string name, const Plan& plan, const Adversary& adversary,
                                     const PassiveObserver& kind)
    : Attacker(std::move(name), adversary),
      targets_({{}, nodes_in(plan, kind.nodes), time().from, time().until},
               [this](const TargetEnd& target) { judge(linked_, target); }) {}

void ObservingAttacker::judge(Part& linked, const TargetEnd& target) {
  if (!target.true_receiver) return;  // it was lost
  ++linked.of;
  auto belief = target.receivers.find(*target.true_receiver);
  if (belief != target.receivers.end() && belief->second > kMostOfTheBelief) ++linked.done;
}

Part ObservingAttacker::linked() const {
  auto linked = linked_;
  for (const auto& target : targets_.unfinished()) judge(linked, target);
  return linked;
}

}  // namespace nym::sim
