#pragma once

#include <variant>

#include "cli/error.h"
#include "engine/client/registration.h"
#include "engine/topology/topology.h"
#include "net/runtime.h"

namespace nym::cli {

struct RandomGateway {};
struct NearGateway {};  ///< drawn in inverse proportion to measured latencies
struct NamedGateway {
  std::string identity;  ///< base58
};
using GatewayChoice = std::variant<RandomGateway, NearGateway, NamedGateway>;

/// The gateway to register with, of those of a compatible version. Error: network.
Result<topology::Gateway> choose_gateway(net::Runtime& runtime, const std::vector<std::string>& directories,
                                         const GatewayChoice& choice, RandomSource& random);

/// Runs the registration handshake with it. Error: network.
Result<sphinx::GatewaySharedKeys> register_with(net::Runtime& runtime, const topology::Gateway& gateway,
                                                const crypto::Ed25519PrivateKey& identity, RandomSource& random);

}  // namespace nym::cli
