#pragma once

#include "engine/base/result.h"

namespace nym::testnet {

enum class TestnetError : std::uint16_t {
  bad_layout = 0x4000,  ///< apart from the codes of the sockets, which share the layer
  bad_usage,
  no_network,  ///< none runs there
  no_such_node,
  bad_fault,
  node_failed,
  control_failed,
};
constexpr Layer layer_of(TestnetError) {
  return Layer::net;
}

}  // namespace nym::testnet
