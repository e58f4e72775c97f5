#pragma once

#include "engine/client/config.h"
#include "net/key_files.h"

namespace nym::net {

/// Who a client is, as `init` left it on disk: its keys and its gateway.
struct ClientIdentity {
  client::ClientKeys keys;
  crypto::Ed25519PublicKey gateway;
  std::string gateway_url;
};
struct LoadedIdentity {
  ClientIdentity identity;
  std::vector<std::string> warnings;  ///< for the log
};

/// What loaded keys and details come to. Error: bad_key_file when the two do not belong together.
Result<LoadedIdentity> identity_from(LoadedKeys<ClientKeys> loaded, const wire::GatewayDetails& details,
                                     const ClientKeyPaths& paths);
/// Errors: those of load_client_keys and load_gateway_details; bad_key_file when the two do not belong together.
Result<LoadedIdentity> load_client_identity(const ClientKeyPaths& keys, const std::filesystem::path& gateway_details);

}  // namespace nym::net
