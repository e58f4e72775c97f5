#include "sim/plan/generate_faults.h"

#include <algorithm>

#include "sim/plan/nodes.h"

namespace nym::sim {
namespace {

/// Draws single nodes of a plan.
class Nodes {
 public:
  Nodes(Dice& dice, const Plan& plan) : dice_(dice), plan_(plan) {}

  NodeSet mixnode() { return NodeSet::one({NodeKind::mixnode, dice_.small(0, plan_.network.mixnodes - 1)}); }
  NodeSet gateway() { return NodeSet::one({NodeKind::gateway, dice_.small(0, plan_.network.gateways - 1)}); }
  NodeSet client() { return NodeSet::one({NodeKind::client, dice_.small(0, client_count(plan_) - 1)}); }
  NodeSet relay() { return dice_.chance(50) ? mixnode() : gateway(); }
  NodeSet with_disk() { return dice_.chance(50) ? client() : gateway(); }
  NodeSet any() { return dice_.chance(50) ? relay() : client(); }

 private:
  Dice& dice_;
  const Plan& plan_;
};

DiskState any_disk(Dice& dice) {
  return dice.chance(20) ? DiskState::lost : DiskState::kept;
}

struct Kind {
  FaultAction (*draw)(Dice& dice, Nodes& nodes);
};
// One entry for each kind of fault, except `kill`: what is gone for good can make a network impossible.
constexpr Kind kKinds[] = {
    {[](Dice& dice, Nodes& nodes) -> FaultAction {
      auto from = nodes.relay();
      return LinkFault{{from, NodeSet::every(NodeKind::mixnode), Direction::both_ways}, any_link_change(dice)};
    }},
    {[](Dice& dice, Nodes& nodes) -> FaultAction {
      auto side = nodes.any();
      return Partition{side, NodeSet::every(NodeKind::mixnode), dice.pick({Direction::both_ways, Direction::one_way})};
    }},
    {[](Dice&, Nodes&) -> FaultAction { return SwizzleClog{NodeSet::every(NodeKind::mixnode)}; }},
    {[](Dice&, Nodes& nodes) -> FaultAction { return Crash{nodes.relay()}; }},
    {[](Dice& dice, Nodes& nodes) -> FaultAction {
      auto victim = nodes.client();
      return Crash{victim, any_disk(dice)};
    }},
    {[](Dice& dice, Nodes& nodes) -> FaultAction {
      auto victim = nodes.any();
      return Restart{victim, any_disk(dice)};
    }},
    {[](Dice&, Nodes& nodes) -> FaultAction { return Pause{nodes.any()}; }},
    {[](Dice&, Nodes& nodes) -> FaultAction { return Suspend{nodes.client()}; }},
    {[](Dice& dice, Nodes& nodes) -> FaultAction {
      auto victim = nodes.any();
      return Slow{victim, static_cast<std::int64_t>(dice.between(1, 10)) * 1'000};
    }},
    {[](Dice& dice, Nodes& nodes) -> FaultAction {
      auto victim = nodes.any();
      auto by = dice.ms(1, 100'000);
      return ClockJump{victim, dice.chance(50) ? by : by * -1};
    }},
    {[](Dice& dice, Nodes& nodes) -> FaultAction {
      auto victim = nodes.any();
      return ClockDrift{victim, static_cast<std::int64_t>(dice.between(0, 1'000)) - 500};
    }},
    {[](Dice&, Nodes& nodes) -> FaultAction { return Silence{nodes.gateway()}; }},
    {[](Dice&, Nodes& nodes) -> FaultAction { return CutSessions{nodes.gateway()}; }},
    {[](Dice&, Nodes& nodes) -> FaultAction { return DiskFull{nodes.with_disk()}; }},
    {[](Dice&, Nodes& nodes) -> FaultAction { return DiskError{nodes.with_disk()}; }},
    {[](Dice& dice, Nodes& nodes) -> FaultAction {
      auto victim = nodes.with_disk();
      return DiskSlow{victim, dice.ms(1, 200)};
    }},
    {[](Dice& dice, Nodes& nodes) -> FaultAction {
      auto victim = nodes.client();
      auto operation = dice.pick({Operation::persist, Operation::dial, Operation::fetch});
      return FailNth{victim, operation, dice.between(1, operation == Operation::fetch ? 3 : 20)};
    }},
    {[](Dice&, Nodes& nodes) -> FaultAction { return LeaveApp{nodes.client()}; }},
};

/// Whether messages may be lost by it, so that only their outcomes can be asked for.
bool may_lose(const Plan& plan, const FaultAction& action) {
  if (std::holds_alternative<DiskFull>(action) || std::holds_alternative<DiskError>(action) ||
      std::holds_alternative<FailNth>(action)) {
    return true;
  }
  const auto* crash = std::get_if<Crash>(&action);
  const auto* restart = std::get_if<Restart>(&action);
  if (crash == nullptr && restart == nullptr) return false;
  auto disk = crash != nullptr ? crash->disk : restart->disk;
  return disk == DiskState::lost || resolve(plan, *nodes_of(action))->front().kind == NodeKind::client;
}

bool downs_gateway(const Plan& plan, const FaultAction& action) {
  if (!std::holds_alternative<Crash>(action) && !std::holds_alternative<Restart>(action)) return false;
  return resolve(plan, *nodes_of(action))->back().kind == NodeKind::gateway;
}

/// What a gateway wrote to a client that is gone without a word is only in its memory, and goes with it.
bool may_lose_together(const Plan& plan) {
  const auto& faults = plan.faults;
  return std::any_of(faults.begin(), faults.end(), [](const Fault& fault) { return hides_nodes(fault.action); }) &&
         std::any_of(faults.begin(), faults.end(),
                     [&](const Fault& fault) { return downs_gateway(plan, fault.action); });
}

Fault any_fault(Dice& dice, Nodes& nodes, const Kind& kind) {
  Fault fault;
  fault.at = dice.ms(1'000, 8'000);
  fault.action = kind.draw(dice, nodes);
  if (!is_momentary(fault.action)) fault.length = dice.ms(100, 3'000);
  if (dice.chance(20)) {
    auto every = dice.ms(3'100, 6'000);
    fault.repeat = Fault::Repeat{every, dice.small(1, 3)};
  }
  return fault;
}

}  // namespace

void draw_faults(Dice& dice, Plan& plan) {
  std::vector<const Kind*> on;
  auto likelihood = dice.between(5, 40);
  for (const auto& kind : kKinds) {
    if (dice.chance(likelihood)) on.push_back(&kind);
  }
  auto count = on.empty() ? 0 : dice.between(0, 8);
  Nodes nodes(dice, plan);
  for (std::size_t i = 0; i < count; ++i) {
    plan.faults.push_back(any_fault(dice, nodes, *on[dice.below(on.size())]));
    if (!may_lose(plan, plan.faults.back().action) && !may_lose_together(plan)) continue;
    plan.expect.delivered = {};
    plan.expect.acknowledged = {};
  }
}

LinkChange any_link_change(Dice& dice) {
  LinkChange change;
  change.loss = dice.thousandths(0, 200);
  if (dice.chance(30)) change.latency = TimeDistribution{{NormalTime{dice.ms(10, 200), Duration::milliseconds(5)}}};
  if (dice.chance(20)) change.jitter = TimeDistribution{{ExponentialTime{dice.ms(1, 20)}}};
  if (dice.chance(20)) change.duplicate = dice.thousandths(0, 50);
  if (dice.chance(20)) change.reorder = dice.thousandths(0, 50);
  if (dice.chance(20)) change.corrupt = dice.thousandths(0, 20);
  if (dice.chance(20)) change.rate = dice.between(100, 1'000) * 1'000;
  if (dice.chance(10)) change.clog = LinkChange::Clog::clogged;
  return change;
}

Adversary any_adversary(Dice& dice) {
  auto mixnode = NodeSet::one({NodeKind::mixnode, 0});
  auto client = NodeSet::one({NodeKind::client, 0});
  auto share = dice.thousandths(1, 1'000);
  auto time = dice.ms(1, 1'000);
  Adversary adversary;
  adversary.name = "somebody";
  adversary.at = dice.ms(0, 10'000);
  if (dice.chance(50)) adversary.length = dice.ms(1, 10'000);
  adversary.kind = dice.pick<AdversaryKind>(
      {PassiveObserver{}, CorruptMixes{mixnode, {}}, CorruptMixes{{}, share},
       CorruptGateway{NodeSet::one({NodeKind::gateway, 0})}, DroppingNodes{mixnode, share},
       DelayingNodes{mixnode, share, TimeDistribution::fixed(time)}, NMinusOne{mixnode, client, {5, time}},
       Tagging{mixnode, share}, ReplayingNodes{mixnode, share, time}, Intersection{client, time}});
  return adversary;
}

}  // namespace nym::sim
