#pragma once

#include "engine/client/registration.h"
#include "engine/topology/topology.h"
#include "net/drivers/directory_client.h"

namespace nym::cli {

/// The gateway to register with: the one named, or one drawn from those of a compatible version. Error: network.
Result<topology::Gateway> choose_gateway(net::Runtime& runtime, const std::vector<std::string>& directories,
                                         const std::optional<std::string>& wanted, RandomSource& random);

/// Runs the registration handshake with it. Error: network.
Result<sphinx::GatewaySharedKeys> register_with(net::Runtime& runtime, const topology::Gateway& gateway,
                                                const crypto::Ed25519PrivateKey& identity, RandomSource& random);

}  // namespace nym::cli
