#include "net/drivers/client_identity.h"

#include <fmt/format.h>

#include "engine/base/text_encoding.h"
#include "net/error.h"

namespace nym::net {

Result<LoadedIdentity> load_client_identity(const ClientKeyPaths& paths, const std::filesystem::path& gateway_details) {
  NYM_TRY(auto loaded, load_client_keys(paths));
  NYM_TRY(auto details, load_gateway_details(gateway_details));
  return identity_from(std::move(loaded), details, paths);
}

Result<LoadedIdentity> identity_from(LoadedKeys<ClientKeys> loaded, const wire::GatewayDetails& details,
                                     const ClientKeyPaths& paths) {
  auto& keys = loaded.keys;
  if (details.key_hash != wire::hash_of_shared_keys(keys.gateway_shared.expose())) {
    return fail(
        NetError::bad_key_file,
        fmt::format(
            "the provided gateway details (for gateway {}) do not correspond to the shared keys; restore both files "
            "from one backup, or run 'nym-client init --force-register-gateway'",
            details.gateway_id));
  }
  if (keys.identity.secret.public_key() != keys.identity.public_key) {
    loaded.warnings.push_back(
        fmt::format("{} does not belong to its private key; the private key counts", paths.public_identity.string()));
  }
  NYM_TRY(auto gateway_bytes, from_base58(details.gateway_id));
  NYM_TRY(auto gateway, crypto::Ed25519PublicKey::parse(gateway_bytes));
  return LoadedIdentity{{{std::move(keys.identity.secret), std::move(keys.encryption), std::move(keys.ack_key),
                          sphinx::GatewaySharedKeys::from_bytes(keys.gateway_shared.expose())},
                         gateway,
                         details.gateway_listener},
                        std::move(loaded.warnings)};
}

}  // namespace nym::net
