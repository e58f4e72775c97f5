#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "engine/base/endpoint.h"
#include "engine/base/result.h"

namespace nym::testnet {

/// What a network consists of.
struct Layout {
  std::uint32_t gateways = 2;
  std::vector<std::uint32_t> mixnodes{1, 1, 1};  ///< on each layer
  std::uint32_t clients = 0;
  std::string host = "127.0.0.1";  ///< the address that everything listens on
  std::string announce;            ///< the name or address that others use for it; empty: the same
  std::uint16_t port_base = 0;     ///< 0: free ones are chosen

  const std::string& announced() const { return announce.empty() ? host : announce; }
};

/// `mixnodes` in all, spread over three layers; or as many on each layer as `layers` says, such as `2,3,4`, where `3`
/// alone is the number of layers. Error: bad_layout.
Result<std::vector<std::uint32_t>> spread_mixnodes(std::uint32_t mixnodes, const std::string& layers);
/// Whether clients will accept such a network. Error: bad_layout, saying what to change.
Result<void> check(const Layout& layout);

enum class Role : std::uint8_t { mixnode, gateway, client };
constexpr const char* to_string(Role role) {
  return role == Role::mixnode ? "mixnode" : role == Role::gateway ? "gateway" : "client";
}

/// One node, and where it listens; what does not apply to its role has port 0.
struct NodePlan {
  Role role{};
  std::uint32_t index = 0;  ///< from 0, of its role
  std::string name;         ///< as faults call it: mix1, gw1, c1
  std::uint8_t layer = 0;   ///< 1..3, of a mixnode
  Endpoint mix{};
  Endpoint clients{};  ///< of a gateway
  Endpoint app{};      ///< of a client: where its applications connect
  Endpoint relay{};    ///< of a client: what it takes for its gateway
  Endpoint http{};     ///< figures and health, of nodes that are processes
};

struct NetworkPlan {
  Endpoint directory;
  std::vector<NodePlan> nodes;  ///< mixnodes, gateways, clients
};

/// Every port, remembered in the file `ports.json` of `directory`, so that the same network has the same ports again.
/// Errors: file_failed, cannot_listen.
Result<NetworkPlan> plan_network(const Layout& layout, const std::filesystem::path& directory);

}  // namespace nym::testnet
