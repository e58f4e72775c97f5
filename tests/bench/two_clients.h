#pragma once

#include <cstdlib>
#include <sstream>

#include "testnet/client_process.h"

namespace nym::bench {

struct TwoClients {
  testnet::ClientProcess alice;
  testnet::ClientProcess bob;
  std::string directory_url;
};

/// Initialised below `home`, not running, on the network that `nym-testnet up -- PROGRAM` tells of: each at a gateway
/// of its own. Errors: those of ClientProcess::initialise.
inline Result<TwoClients> two_clients(net::Runtime& runtime, const std::filesystem::path& home) {
  auto told = [](const char* name) -> std::string {
    const char* value = std::getenv(name);
    return value == nullptr ? "" : value;
  };
  std::istringstream gateways(told("NYM_TESTNET_GATEWAYS"));
  std::string first;
  std::string second;
  gateways >> first >> second;
  testnet::ClientProcess::Place place{testnet::beside_us("nym-client"), home, told("NYM_API")};
  NYM_TRY(auto alice, testnet::ClientProcess::initialise(runtime, place, "alice", first));
  NYM_TRY(auto bob, testnet::ClientProcess::initialise(runtime, place, "bob", second));
  return TwoClients{std::move(alice), std::move(bob), place.directory_url};
}

}  // namespace nym::bench
