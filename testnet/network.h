#pragma once

#include <array>
#include <filesystem>
#include <map>

#include "engine/topology/topology.h"
#include "net/drivers/gateway_driver.h"
#include "net/drivers/mixnode_driver.h"
#include "testnet/directory_server.h"

namespace nym::testnet {

/// Packets and drops over all nodes, by name.
using Counters = std::map<std::string, std::uint64_t>;

/// A private mixnet in this process, on free loopback ports: a directory, one mixnode a layer, two gateways.
class Network {
 public:
  static constexpr std::size_t kMixnodes = topology::kLayers;
  static constexpr std::size_t kGateways = 2;

  /// `state` holds the gateways' databases. Errors: cannot_listen, file_failed.
  static Result<std::unique_ptr<Network>> start(net::Runtime& runtime, const std::filesystem::path& state);

  std::string directory_url() const { return directory_->url(); }
  const std::vector<topology::MixnodeDetails>& mixnodes() const { return mixnode_list_; }
  const std::vector<topology::GatewayBond>& gateways() const { return gateway_list_; }
  const Counters& counters() const { return counters_; }

  /// As if its machine had lost power: connections end, what was not committed is gone.
  void kill_gateway(std::size_t index) { gateways_[index].driver.reset(); }
  /// With the keys, ports and database that it had.
  Result<void> restart_gateway(net::Runtime& runtime, std::size_t index);

 private:
  struct Gateway {
    crypto::Ed25519PrivateKey identity;
    crypto::X25519KeyPair sphinx_key;
    net::GatewayDriver::Places places;
    std::unique_ptr<net::GatewayDriver> driver;
  };

  Network() = default;
  Result<void> add_mixnode(net::Runtime& runtime, std::uint8_t layer);
  Result<void> add_gateway(net::Runtime& runtime, const std::filesystem::path& state, std::size_t index);

  net::OsRandom random_;
  Counters counters_;
  std::unique_ptr<DirectoryServer> directory_;
  std::vector<std::unique_ptr<net::MixnodeDriver>> mixnodes_;
  std::vector<Gateway> gateways_;
  std::vector<topology::MixnodeDetails> mixnode_list_;
  std::vector<topology::GatewayBond> gateway_list_;
};

}  // namespace nym::testnet
