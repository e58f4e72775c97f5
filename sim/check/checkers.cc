#include "sim/check/checkers.h"

#include <algorithm>

#include "sim/plan/nodes.h"

namespace nym::sim {
namespace {

bool duplicates(const LinkChange& change) {
  return change.duplicate && change.duplicate->parts > 0;
}

/// Its gateway gives a client that crashed again what it may not have got. Without a journal, and all the more without
/// its disk, the client does not know that it had it, and uses the SURBs in it again.
bool makes_a_client_forget(const Plan& plan, const Fault& fault) {
  bool has_journals = std::ranges::all_of(
      plan.clients, [](const ClientGroup& group) { return group.options.journal == client::Switch::on; });
  auto strikes_a_client = [&](const NodeSet& nodes) {
    auto all = resolve(plan, nodes);
    return all && std::ranges::any_of(*all, [](NodeName node) { return node.kind == NodeKind::client; });
  };
  auto makes_forget = [&](const auto* down) {
    return down != nullptr && (down->disk == DiskState::lost || !has_journals) && strikes_a_client(down->nodes);
  };
  return makes_forget(std::get_if<Crash>(&fault.action)) || makes_forget(std::get_if<Restart>(&fault.action));
}

bool is_plain(const Plan& plan) {
  return plan.adversaries.empty() && plan.link_rules.empty() && std::holds_alternative<StopAndGo>(plan.mix.strategy);
}

/// Whether, once all is healed, a packet nearly always arrives where it should, and soon.
bool heals(const Plan& plan) {
  constexpr Probability kFewLost{(std::uint64_t{1} << 32U) / 30};
  bool has_killed = std::any_of(plan.faults.begin(), plan.faults.end(),
                                [](const Fault& fault) { return std::holds_alternative<Kill>(fault.action); });
  bool is_clear = !plan.links.rate && !plan.links.clog_every;
  return is_plain(plan) && is_clear && !has_killed && plan.links.loss.parts + plan.links.corrupt.parts < kFewLost.parts;
}

}  // namespace

bool can_copy_packets(const Plan& plan) {
  auto has_rule = std::any_of(plan.link_rules.begin(), plan.link_rules.end(),
                              [](const LinkRule& rule) { return duplicates(rule.change); });
  auto has_fault = std::any_of(plan.faults.begin(), plan.faults.end(), [&](const Fault& fault) {
    const auto* changed = std::get_if<LinkFault>(&fault.action);
    return (changed != nullptr && duplicates(changed->change)) || makes_a_client_forget(plan, fault);
  });
  auto has_adversary = std::any_of(plan.adversaries.begin(), plan.adversaries.end(), [](const Adversary& adversary) {
    return std::holds_alternative<ReplayingNodes>(adversary.kind);
  });
  return plan.links.duplicate.parts > 0 || has_rule || has_fault || has_adversary;
}

std::vector<std::unique_ptr<Observer>> make_checkers(const Plan& plan, Complaints& complaints) {
  std::vector<std::unique_ptr<Observer>> checkers;
  bool has_layers = plan.network.topology != Topology::free_route;
  if (has_layers && plan.adversaries.empty()) checkers.push_back(make_route_check(plan, complaints));
  if (!can_copy_packets(plan)) checkers.push_back(make_copy_check(plan, complaints));
  checkers.push_back(make_stream_check(plan, complaints));
  checkers.push_back(make_topology_check(plan, complaints));
  checkers.push_back(make_surb_check(plan, complaints));
  if (heals(plan)) checkers.push_back(make_retransmission_check(plan, complaints));
  return checkers;
}

}  // namespace nym::sim
