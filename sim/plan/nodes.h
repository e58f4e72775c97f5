#pragma once

#include <map>

#include "sim/plan/plan.h"

namespace nym::sim {

inline constexpr std::uint32_t kLayersOfRoute = 3;

/// Mixnodes of each layer; the first ones have one more where they can not be even. mix1 is the first of layer 1, the
/// first of layer 2 comes after the last of layer 1.
std::array<std::uint32_t, kLayersOfRoute> layer_sizes(const NetworkPlan& network);
/// 1..3; nothing on free routes.
std::optional<std::uint32_t> layer_of(const NetworkPlan& network, std::uint32_t mixnode);

std::uint32_t client_count(const Plan& plan);
/// The group that a client is in.
const ClientGroup& group_of(const Plan& plan, std::uint32_t client);
/// The index of its gateway.
std::uint32_t gateway_of(const Plan& plan, std::uint32_t client);

/// The nodes of a set: mixnodes, then gateways, then clients, each once. Error: bad_plan, naming what is not there; a
/// set without nodes is an error.
Result<std::vector<NodeName>> resolve(const Plan& plan, const NodeSet& set);
/// As resolve, but the set must consist of nodes of this kind; indices among them.
Result<std::vector<std::uint32_t>> resolve(const Plan& plan, const NodeSet& set, NodeKind kind);

}  // namespace nym::sim
