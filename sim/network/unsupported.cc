#include "sim/network/unsupported.h"

#include <fmt/format.h>

#include <algorithm>

#include "sim/plan/nodes.h"

namespace nym::sim {
namespace {

using Reason = std::optional<std::string>;

Reason in_network(const Plan& plan) {
  if (plan.network.topology != Topology::stratified) return "network.topology: only stratified";
  if (!plan.network.sites.empty()) return "site";
  if (!std::holds_alternative<StopAndGo>(plan.mix.strategy)) return "mix.strategy: only stop-and-go";
  if (plan.mix.loop_cover_average_delay) return "mix.loop_cover_average_delay";
  bool drops = std::any_of(plan.clients.begin(), plan.clients.end(),
                           [](const auto& group) { return group.options.drop_cover_average_delay.has_value(); });
  if (drops) return "client.drop_cover_average_delay";
  return std::nullopt;
}

Reason in_links(const Plan& plan) {
  const auto& links = plan.links;
  if (!latency_parts(links.latency)) return "links.latency: only a fixed and an exponential part";
  if (!links.jitter.is_zero()) return "links.jitter";
  if (links.loss.parts != 0) return "links.loss";
  if (links.duplicate.parts != 0) return "links.duplicate";
  if (links.reorder.parts != 0) return "links.reorder";
  if (links.corrupt.parts != 0) return "links.corrupt";
  if (links.rate) return "links.rate";
  if (links.clog_every) return "links.clog_every";
  if (!plan.link_rules.empty()) return "link";
  return std::nullopt;
}

Reason in_workloads(const Plan& plan) {
  for (const auto& workload : plan.workloads) {
    const auto* schedule = std::get_if<ScheduleWorkload>(&workload.kind);
    if (schedule == nullptr) return "workload.kind: only schedule";
    bool filled = std::any_of(schedule->messages.begin(), schedule->messages.end(),
                              [](const auto& message) { return message.text.empty(); });
    if (filled) return "workload.messages.bytes";
  }
  return std::nullopt;
}

bool names_only(const Plan& plan, const FaultAction& action, NodeKind kind) {
  const auto* nodes = nodes_of(action);
  return nodes != nullptr && resolve(plan, *nodes, kind).has_value();
}

bool can_happen(const Plan& plan, const FaultAction& action) {
  if (const auto* crash = std::get_if<Crash>(&action)) return crash->disk == DiskState::kept;
  bool at_gateways = std::holds_alternative<CutSessions>(action) || std::holds_alternative<Silence>(action);
  if (at_gateways) return names_only(plan, action, NodeKind::gateway);
  bool at_clients = std::holds_alternative<Suspend>(action) || std::holds_alternative<DiskFull>(action) ||
                    std::holds_alternative<LeaveApp>(action);
  return at_clients && names_only(plan, action, NodeKind::client);
}

Reason in_faults(const Plan& plan) {
  for (const auto& fault : plan.faults) {
    bool has_end = fault.length || is_momentary(fault.action);
    if (!has_end || fault.repeat || !can_happen(plan, fault.action))
      return fmt::format("the fault '{}'", to_text(fault));
  }
  if (!plan.adversaries.empty()) return "adversary";
  return std::nullopt;
}

bool is_all(Probability probability) {
  return probability.parts == std::uint64_t{1} << 32U;
}

Reason in_expectations(const Plan& plan) {
  const auto& expect = plan.expect;
  if (expect.all_outcomes == client::Switch::off) return "expect.all_outcomes: only true";
  if (!is_all(expect.delivered)) return "expect.delivered: only 100%";
  if (!is_all(expect.acknowledged)) return "expect.acknowledged: only 100%";
  if (expect.max_replays) return "expect.max_replays";
  if (expect.latency_p50 || expect.latency_p95 || expect.latency_p99) return "expect.latency_p*";
  if (expect.cover_rate_within) return "expect.cover_rate_within";
  if (expect.max_overhead_thousandths) return "expect.max_overhead";
  if (expect.min_entropy_thousandths) return "expect.min_entropy";
  if (expect.min_anonymity_set_thousandths) return "expect.min_anonymity_set";
  if (expect.max_corrupt_routes) return "expect.max_corrupt_routes";
  if (expect.max_linked) return "expect.max_linked";
  if (expect.loop_loss_noticed_within) return "expect.loop_loss_noticed_within";
  return std::nullopt;
}

}  // namespace

std::optional<LatencyParts> latency_parts(const TimeDistribution& latency) {
  LatencyParts parts;
  for (const auto& term : latency.terms) {
    if (const auto* fixed = std::get_if<FixedTime>(&term)) {
      parts.fixed += fixed->value;
    } else if (const auto* exponential = std::get_if<ExponentialTime>(&term); exponential && parts.mean == Duration()) {
      parts.mean = exponential->mean;
    } else {
      return std::nullopt;
    }
  }
  return parts;
}

std::optional<std::string> unsupported(const Plan& plan) {
  for (auto* part : {in_network, in_links, in_workloads, in_faults, in_expectations}) {
    if (auto reason = part(plan)) return reason;
  }
  return std::nullopt;
}

}  // namespace nym::sim
