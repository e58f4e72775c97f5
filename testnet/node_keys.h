#pragma once

#include "engine/topology/directory_documents.h"
#include "net/key_files.h"
#include "testnet/layout.h"

namespace nym::testnet {

/// Those in the folder, or new ones that are in it from now on. Errors: file_failed, bad_key_file.
Result<net::NodeKeys> load_or_make_keys(const std::filesystem::path& folder);

/// How a directory lists a node.
topology::MixnodeDetails listing_of_mixnode(const NodePlan& plan, const net::NodeKeys& keys, const std::string& host);
topology::GatewayBond listing_of_gateway(const NodePlan& plan, const net::NodeKeys& keys, const std::string& host);

}  // namespace nym::testnet
