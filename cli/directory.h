#pragma once

#include "cli/error.h"
#include "engine/topology/topology.h"
#include "net/drivers/directory_client.h"

namespace nym::cli {

/// The gateways that this version can use; each directory is asked until one answers. Error: network; it says so when
/// the directory serves a later generation of the network.
Result<std::vector<topology::Gateway>> fetch_usable_gateways(net::Runtime& runtime,
                                                             const std::vector<std::string>& directories);

/// Whether packets can be sent in the network that the directories list: a client that cannot see it says so at once
/// instead of waiting in silence. Returns one line for each node that was left out. Error: network.
Result<std::vector<std::string>> check_network(net::Runtime& runtime, const std::vector<std::string>& directories);

}  // namespace nym::cli
