#include <fmt/format.h>

#include <algorithm>

#include "engine/topology/topology.h"

// Which mixnodes a route takes.
namespace nym::topology {
namespace {

Result<void> check_layers(const Snapshot& snapshot) {
  std::size_t available = 0;
  for (std::size_t index = 0; index < kLayers; ++index) available += snapshot.has_layer(index) ? 1U : 0U;
  if (available < kLayers) {
    return fail(TopologyError::not_enough_layers,
                fmt::format("Wanted to create a mix route with {} hops, while only {} layers are available", kLayers,
                            available));
  }
  for (std::size_t index = 0; index < kLayers; ++index) {
    if (!snapshot.layers[index].empty()) continue;
    return fail(TopologyError::empty_layer, fmt::format("No mixnodes available on layer {}", index + 1));
  }
  return {};
}

std::size_t cascade_count(const Snapshot& snapshot) {
  auto smaller = [](const auto& a, const auto& b) { return a.size() < b.size(); };
  return std::min_element(snapshot.layers.begin(), snapshot.layers.end(), smaller)->size();
}

/// The mixnodes of all layers under one number each.
const MixNode& node_at(const Snapshot& snapshot, std::size_t number) {
  std::size_t layer = 0;
  while (number >= snapshot.layers[layer].size()) number -= snapshot.layers[layer++].size();
  return snapshot.layers[layer][number];
}

/// Evenly among those that are not in `taken`, which holds numbers in ascending order.
std::size_t draw_other(const Snapshot& snapshot, std::vector<std::size_t>& taken, RandomSource& random) {
  std::size_t number = draw_below(random, snapshot.mixnode_count() - taken.size());
  for (std::size_t other : taken) number += number >= other ? 1U : 0U;
  taken.insert(std::upper_bound(taken.begin(), taken.end(), number), number);
  return number;
}

struct Place {
  std::size_t layer = 0;
  std::size_t index = 0;
  std::size_t number = 0;
};
std::optional<Place> find(const Snapshot& snapshot, const crypto::X25519PublicKey& sphinx_key) {
  Place place;
  for (place.layer = 0; place.layer < kLayers; ++place.layer) {
    const auto& layer = snapshot.layers[place.layer];
    for (place.index = 0; place.index < layer.size(); ++place.index, ++place.number) {
      if (layer[place.index].sphinx_key == sphinx_key) return place;
    }
  }
  return std::nullopt;
}

}  // namespace

Result<Mixes> choose_mixes(const Snapshot& snapshot, RandomSource& random, RouteShape shape) {
  NYM_TRY_VOID(check_layers(snapshot));
  Mixes chosen{};
  std::size_t cascade = shape == RouteShape::cascade ? draw_below(random, cascade_count(snapshot)) : 0;
  std::vector<std::size_t> taken;
  for (std::size_t hop = 0; hop < kLayers; ++hop) {
    const auto& layer = snapshot.layers[hop];
    switch (shape) {
      case RouteShape::stratified:
        chosen[hop] = &layer[draw_below(random, layer.size())];
        break;
      case RouteShape::cascade:
        chosen[hop] = &layer[cascade];
        break;
      case RouteShape::free_route:
        chosen[hop] = &node_at(snapshot, draw_other(snapshot, taken, random));
        break;
    }
  }
  return chosen;
}

Result<Mixes> choose_loop(const Snapshot& snapshot, const crypto::X25519PublicKey& own_sphinx_key, RandomSource& random,
                          RouteShape shape) {
  NYM_TRY_VOID(check_layers(snapshot));
  auto own = find(snapshot, own_sphinx_key);
  if (!own) return fail(TopologyError::bad_node, "this mixnode is not in the topology");
  if (shape == RouteShape::cascade && own->index >= cascade_count(snapshot)) {
    return fail(TopologyError::bad_node, "this mixnode is in no cascade");
  }
  Mixes chosen{};
  std::vector<std::size_t> taken{own->number};
  for (std::size_t hop = 0; hop + 1 < kLayers; ++hop) {
    const auto& layer = snapshot.layers[(own->layer + hop + 1) % kLayers];
    switch (shape) {
      case RouteShape::stratified:
        chosen[hop] = &layer[draw_below(random, layer.size())];
        break;
      case RouteShape::cascade:
        chosen[hop] = &layer[own->index];
        break;
      case RouteShape::free_route:
        chosen[hop] = &node_at(snapshot, draw_other(snapshot, taken, random));
        break;
    }
  }
  chosen.back() = &snapshot.layers[own->layer][own->index];
  return chosen;
}

}  // namespace nym::topology
