#pragma once

#include <functional>

#include "sim/plan/plan.h"

/// Smaller plans made from plans. What they make may be impossible; validation tells (sim/plan/validate.h).
namespace nym::sim {

/// Changes every set of nodes. What needs nodes and has none any more goes too: faults, adversaries, workloads, ...
void edit_sets(Plan& plan, const std::function<void(NodeSet&)>& edit);

// The others move up, and all that names them follows.
Plan without_client(Plan plan, std::uint32_t client);
Plan without_gateway(Plan plan, std::uint32_t gateway);
/// One mixnode a layer; what befell a mixnode befalls that of its layer.
Plan with_three_mixnodes(Plan plan);
/// Every client is a group of its own, at the gateway that it has: removing one moves no other.
Plan with_pinned_clients(Plan plan);
/// All clients are one group with the options of the first.
Plan with_one_group(Plan plan);

/// Messages that are not drawn: of schedules and traces.
std::size_t listed_messages(const Plan& plan);
bool has_drawn_workloads(const Plan& plan);
/// Traces become schedules, which can be edited.
void list_traces(Plan& plan);
/// Without `count` of the listed messages, counted through all workloads.
Plan without_messages(Plan plan, std::size_t begin, std::size_t count);
void for_each_message(Plan& plan, const std::function<void(PlannedMessage&)>& edit);

/// `2 clients, 1 message, 1 fault`
std::string describe_size(const Plan& plan);
/// When the last message, fault or adversary begins.
Duration last_begin(const Plan& plan);

}  // namespace nym::sim
