#pragma once

#include "engine/base/result.h"

namespace nym::topology {

enum class TopologyError : std::uint16_t {
  bad_document = 1,
  bad_node,
  unknown_gateway,
  empty,
  no_mixnodes,
  no_gateways,
  empty_layer,
  not_enough_layers,
  uneven_layers,
};
constexpr Layer layer_of(TopologyError) {
  return Layer::topology;
}

}  // namespace nym::topology
