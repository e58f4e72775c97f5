#include "sim/plan/nodes.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/base/check.h"

namespace nym::sim {
namespace {

std::unexpected<Error> missing(const std::string& what) {
  return fail(SimError::bad_plan, what);
}

std::uint32_t count_of(const Plan& plan, NodeKind kind) {
  switch (kind) {
    case NodeKind::mixnode:
      return plan.network.mixnodes;
    case NodeKind::gateway:
      return plan.network.gateways;
    case NodeKind::client:
      return client_count(plan);
  }
  return 0;
}

constexpr NodeKind kAllKinds[] = {NodeKind::mixnode, NodeKind::gateway, NodeKind::client};

class Resolver {
 public:
  explicit Resolver(const Plan& plan) : plan_(plan) {}

  Result<void> add(const NodeTerm& term) {
    switch (term.kind) {
      case NodeTerm::Kind::all:
        for (auto kind : kAllKinds) insert(kind, 0, count_of(plan_, kind));
        return {};
      case NodeTerm::Kind::range:
        return add_range(term);
      case NodeTerm::Kind::layer:
        return add_layer(term.first);
      case NodeTerm::Kind::group:
        return add_group(term.group);
    }
    return {};
  }
  std::vector<NodeName> take() {
    std::sort(nodes_.begin(), nodes_.end());
    nodes_.erase(std::unique(nodes_.begin(), nodes_.end()), nodes_.end());
    return std::move(nodes_);
  }

 private:
  void insert(NodeKind kind, std::uint32_t begin, std::uint32_t end) {
    for (auto i = begin; i < end; ++i) nodes_.push_back({kind, i});
  }

  Result<void> add_range(const NodeTerm& term) {
    auto count = count_of(plan_, term.nodes);
    if (term.last == NodeTerm::kToTheEnd) {
      insert(term.nodes, term.first, count);
      return {};
    }
    if (term.last < count) {
      insert(term.nodes, term.first, term.last + 1);
      return {};
    }
    return missing(
        fmt::format("there is no {}: this network has {} of them", to_text(NodeName{term.nodes, term.last}), count));
  }

  Result<void> add_layer(std::uint32_t layer) {
    if (plan_.network.topology == Topology::free_route) return missing("there are no layers on free routes");
    if (layer < 1 || layer > kLayersOfRoute) return missing(fmt::format("there is no layer{}: there are 3", layer));
    auto sizes = layer_sizes(plan_.network);
    std::uint32_t begin = 0;
    for (std::size_t i = 0; i + 1 < layer; ++i) begin += sizes.at(i);
    insert(NodeKind::mixnode, begin, begin + sizes.at(layer - 1));
    return {};
  }

  Result<void> add_group(const std::string& name) {
    std::uint32_t begin = 0;
    bool is_known = false;
    for (const auto& group : plan_.clients) {
      if (group.name == name) insert(NodeKind::client, begin, begin + group.count);
      is_known = is_known || group.name == name;
      begin += group.count;
    }
    if (is_known) return {};
    return missing(fmt::format("no clients are called '{}', and no node is", name));
  }

  const Plan& plan_;
  std::vector<NodeName> nodes_;
};

}  // namespace

std::array<std::uint32_t, kLayersOfRoute> layer_sizes(const NetworkPlan& network) {
  std::array<std::uint32_t, kLayersOfRoute> sizes{};
  for (std::uint32_t i = 0; i < kLayersOfRoute; ++i) {
    sizes.at(i) = network.mixnodes / kLayersOfRoute + (i < network.mixnodes % kLayersOfRoute ? 1 : 0);
  }
  return sizes;
}

std::optional<std::uint32_t> layer_of(const NetworkPlan& network, std::uint32_t mixnode) {
  if (network.topology == Topology::free_route) return std::nullopt;
  std::uint32_t end = 0;
  auto sizes = layer_sizes(network);
  for (std::uint32_t i = 0; i < kLayersOfRoute; ++i) {
    end += sizes.at(i);
    if (mixnode < end) return i + 1;
  }
  return std::nullopt;
}

std::uint32_t client_count(const Plan& plan) {
  std::uint32_t count = 0;
  for (const auto& group : plan.clients) count += group.count;
  return count;
}

const ClientGroup& group_of(const Plan& plan, std::uint32_t client) {
  std::uint32_t end = 0;
  for (const auto& group : plan.clients) {
    end += group.count;
    if (client < end) return group;
  }
  NYM_CHECK(false);
  return plan.clients.back();
}

std::uint32_t gateway_of(const Plan& plan, std::uint32_t client) {
  auto gateways = resolve(plan, group_of(plan, client).gateways, NodeKind::gateway);
  NYM_CHECK(gateways);
  return gateways->at(client % gateways->size());
}

Result<std::vector<NodeName>> resolve(const Plan& plan, const NodeSet& set) {
  Resolver resolver(plan);
  for (const auto& term : set.terms) NYM_TRY_VOID(resolver.add(term));
  auto nodes = resolver.take();
  if (nodes.empty()) return missing("no nodes are named");
  return nodes;
}

Result<std::vector<std::uint32_t>> resolve(const Plan& plan, const NodeSet& set, NodeKind kind) {
  NYM_TRY(auto nodes, resolve(plan, set));
  std::vector<std::uint32_t> indices;
  for (const auto& node : nodes) {
    if (node.kind != kind) {
      constexpr std::string_view kKinds[] = {"mixnodes", "gateways", "clients"};
      return missing(
          fmt::format("only {} can stand here, not {}", kKinds[static_cast<std::size_t>(kind)], to_text(node)));
    }
    indices.push_back(node.index);
  }
  return indices;
}

}  // namespace nym::sim
