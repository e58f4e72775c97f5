#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "engine/crypto/ed25519.h"
#include "engine/crypto/x25519.h"
#include "engine/wire/gateway_details.h"

namespace nym::net {

// Key files of clients and nodes (04 §2.7, 03 §9.4). All are written with mode 0600. Public files are read as they are:
// they are not compared with the private ones, they define the address.

struct IdentityKeys {
  crypto::Ed25519PrivateKey secret;
  crypto::Ed25519PublicKey public_key;
};

struct ClientKeys {
  IdentityKeys identity;
  crypto::X25519KeyPair encryption;
  Secret<16> ack_key;
  Secret<32> gateway_shared;  ///< encryption key 16 ‖ MAC key 16
};

struct ClientKeyPaths {
  std::filesystem::path private_identity;
  std::filesystem::path public_identity;
  std::filesystem::path private_encryption;
  std::filesystem::path public_encryption;
  std::filesystem::path ack_key;
  std::filesystem::path gateway_shared;

  /// The usual names.
  static ClientKeyPaths in(const std::filesystem::path& data_directory);
};

/// Of a gateway or mixnode.
struct NodeKeys {
  IdentityKeys identity;
  crypto::X25519KeyPair sphinx;
};

struct NodeKeyPaths {
  std::filesystem::path private_identity;
  std::filesystem::path public_identity;
  std::filesystem::path private_sphinx;
  std::filesystem::path public_sphinx;

  static NodeKeyPaths in(const std::filesystem::path& data_directory);
};

template <class Keys>
struct LoadedKeys {
  Keys keys;
  std::vector<std::string> warnings;  ///< of private files that others could read; they no longer can
};

/// The first failure ends it. Error: bad_key_file, with the texts of 04 §2.7, or not_found when it is that.
Result<LoadedKeys<ClientKeys>> load_client_keys(const ClientKeyPaths& paths);
Result<LoadedKeys<NodeKeys>> load_node_keys(const NodeKeyPaths& paths);

/// Makes the directories. Error: file_failed.
Result<void> store_client_keys(const ClientKeyPaths& paths, const ClientKeys& keys);
Result<void> store_node_keys(const NodeKeyPaths& paths, const NodeKeys& keys);

/// `gateway_details.json`. Errors: not_found, file_failed, bad_key_file.
Result<wire::GatewayDetails> load_gateway_details(const std::filesystem::path& path);
Result<void> store_gateway_details(const std::filesystem::path& path, const wire::GatewayDetails& details);

}  // namespace nym::net
