#pragma once

#include <memory>
#include <vector>

#include "sim/check/complaints.h"
#include "sim/plan/plan.h"
#include "sim/record/observer.h"

namespace nym::sim {

/// Clients beyond so many are not looked at by those that look at clients' stocks.
inline constexpr std::uint32_t kCheckedClients = 1'000;

// Each watches one rule that holds in every run. Both arguments outlive it.

/// Packets go from layer 1 to 2 to 3 to a gateway, and mixnodes' loops on from 3 to 1.
std::unique_ptr<Observer> make_route_check(const Plan& plan, Complaints& complaints);
/// Nothing copies packets, so no node sees one twice, unless a SURB was used twice.
std::unique_ptr<Observer> make_copy_check(const Plan& plan, Complaints& complaints);
/// Whoever can send goes on with each of its streams: no gap of 25 mean intervals.
std::unique_ptr<Observer> make_stream_check(const Plan& plan, Complaints& complaints);
/// Whoever is connected knows the network.
std::unique_ptr<Observer> make_topology_check(const Plan& plan, Complaints& complaints);
/// No more SURBs are held than came and were not used, no more keys than SURBs were made and not answered on.
std::unique_ptr<Observer> make_surb_check(const Plan& plan, Complaints& complaints);
/// In calm, when nearly every packet arrives, retransmissions are acknowledged before long.
std::unique_ptr<Observer> make_retransmission_check(const Plan& plan, Complaints& complaints);

/// Those that apply to a plan.
std::vector<std::unique_ptr<Observer>> make_checkers(const Plan& plan, Complaints& complaints);

/// Whether links, adversaries or faults bring some packets twice; so does a client that loses its disk and uses SURBs
/// again.
bool can_copy_packets(const Plan& plan);

}  // namespace nym::sim
