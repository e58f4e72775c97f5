#include "net/key_files.h"

#include <fmt/format.h>

#include "engine/wire/keys.h"
#include "engine/wire/pem.h"
#include "net/error.h"
#include "net/files.h"
#include "net/limits.h"

namespace nym::net {
namespace {

namespace fs = std::filesystem;

// Bytes of a secret on their way between a file and its own type.
class WipedBytes {
 public:
  explicit WipedBytes(Bytes bytes) : bytes_(std::move(bytes)) {}
  WipedBytes(const WipedBytes&) = delete;
  WipedBytes& operator=(const WipedBytes&) = delete;
  ~WipedBytes() { wipe(bytes_); }
  ByteView view() const { return bytes_; }

 private:
  Bytes bytes_;
};

enum class Access : std::uint8_t { secret, open };

// Reads files and collects the warnings.
class Loader {
 public:
  template <class Key>
  Result<Key> load(const fs::path& path, std::string_view label, Access access, Result<Key> (*parse)(ByteView)) {
    if (access == Access::secret) NYM_TRY_VOID(restrict_access(path));
    NYM_TRY(auto text, read_file(path, limits::kKeyFileBytes));
    WipedBytes wiped_text(std::move(text));
    NYM_TRY(auto content, wire::from_pem(as_text(wiped_text.view()), label));
    WipedBytes wiped_content(std::move(content));
    return parse(wiped_content.view());
  }

  std::vector<std::string> take_warnings() { return std::move(warnings_); }

 private:
  Result<void> restrict_access(const fs::path& path) {
    NYM_TRY(auto warning, make_private(path));
    if (!warning.empty()) warnings_.push_back(std::move(warning));
    return {};
  }

  std::vector<std::string> warnings_;
};

std::unexpected<Error> key_failure(const Error& why, std::string text) {
  return fail(why.is(NetError::not_found) ? NetError::not_found : NetError::bad_key_file, std::move(text));
}

std::unexpected<Error> pair_failure(std::string_view what, const fs::path& secret, const fs::path& open,
                                    const Error& why) {
  return key_failure(why, fmt::format("failed to load {} keys from \"{}\" (private key) and \"{}\" (public key): {}",
                                      what, secret.string(), open.string(), why.text()));
}

Result<IdentityKeys> load_identity(Loader& loader, const fs::path& secret_path, const fs::path& public_path) {
  auto secret = loader.load(secret_path, wire::kPemEd25519Private, Access::secret, wire::ed25519_private_key);
  if (!secret) return pair_failure("identity keys", secret_path, public_path, secret.error());
  auto open = loader.load(public_path, wire::kPemEd25519Public, Access::open, wire::ed25519_public_key);
  if (!open) return pair_failure("identity keys", secret_path, public_path, open.error());
  return IdentityKeys{*std::move(secret), *open};
}

Result<crypto::X25519KeyPair> load_x25519(Loader& loader, std::string_view what, const fs::path& secret_path,
                                          const fs::path& public_path) {
  auto secret = loader.load(secret_path, wire::kPemX25519Private, Access::secret, wire::x25519_private_key);
  if (!secret) return pair_failure(what, secret_path, public_path, secret.error());
  auto open = loader.load(public_path, wire::kPemX25519Public, Access::open, wire::x25519_public_key);
  if (!open) return pair_failure(what, secret_path, public_path, open.error());
  return crypto::X25519KeyPair{*std::move(secret), *open};
}

template <class Key>
Result<Key> load_single(Loader& loader, std::string_view what, const fs::path& path, std::string_view label,
                        Result<Key> (*parse)(ByteView)) {
  auto key = loader.load(path, label, Access::secret, parse);
  if (key) return key;
  return key_failure(key.error(),
                     fmt::format("failed to load {} key from {}: {}", what, path.string(), key.error().text()));
}

Result<void> store(const fs::path& path, std::string_view label, ByteView content) {
  if (path.has_parent_path()) NYM_TRY_VOID(make_directories(path.parent_path()));
  auto text = wire::to_pem(label, content);
  auto written = write_file_atomically(path, as_bytes(text));
  wipe({reinterpret_cast<std::uint8_t*>(text.data()), text.size()});
  return written;
}

Result<void> store_identity(const fs::path& secret_path, const fs::path& public_path, const IdentityKeys& keys) {
  NYM_TRY_VOID(store(public_path, wire::kPemEd25519Public, keys.public_key.bytes()));
  return store(secret_path, wire::kPemEd25519Private, keys.secret.expose_seed());
}

Result<void> store_x25519(const fs::path& secret_path, const fs::path& public_path, const crypto::X25519KeyPair& keys) {
  NYM_TRY_VOID(store(public_path, wire::kPemX25519Public, keys.public_key.bytes));
  return store(secret_path, wire::kPemX25519Private, keys.secret.expose());
}

}  // namespace

ClientKeyPaths ClientKeyPaths::in(const fs::path& data_directory) {
  return {.private_identity = data_directory / "private_identity.pem",
          .public_identity = data_directory / "public_identity.pem",
          .private_encryption = data_directory / "private_encryption.pem",
          .public_encryption = data_directory / "public_encryption.pem",
          .ack_key = data_directory / "ack_key.pem",
          .gateway_shared = data_directory / "gateway_shared.pem"};
}

NodeKeyPaths NodeKeyPaths::in(const fs::path& data_directory) {
  return {.private_identity = data_directory / "private_identity.pem",
          .public_identity = data_directory / "public_identity.pem",
          .private_sphinx = data_directory / "private_sphinx.pem",
          .public_sphinx = data_directory / "public_sphinx.pem"};
}

Result<LoadedKeys<ClientKeys>> load_client_keys(const ClientKeyPaths& paths) {
  Loader loader;
  NYM_TRY(auto identity, load_identity(loader, paths.private_identity, paths.public_identity));
  NYM_TRY(auto encryption, load_x25519(loader, "encryption keys", paths.private_encryption, paths.public_encryption));
  NYM_TRY(auto ack_key, load_single(loader, "ack key", paths.ack_key, wire::kPemAckKey, wire::ack_key));
  NYM_TRY(auto shared, load_single(loader, "gateway shared keys", paths.gateway_shared, wire::kPemGatewaySharedKeys,
                                   wire::gateway_shared_keys));
  return LoadedKeys<ClientKeys>{{std::move(identity), std::move(encryption), std::move(ack_key), std::move(shared)},
                                loader.take_warnings()};
}

Result<LoadedKeys<NodeKeys>> load_node_keys(const NodeKeyPaths& paths) {
  Loader loader;
  NYM_TRY(auto identity, load_identity(loader, paths.private_identity, paths.public_identity));
  NYM_TRY(auto sphinx, load_x25519(loader, "sphinx keys", paths.private_sphinx, paths.public_sphinx));
  return LoadedKeys<NodeKeys>{{std::move(identity), std::move(sphinx)}, loader.take_warnings()};
}

Result<void> store_client_keys(const ClientKeyPaths& paths, const ClientKeys& keys) {
  NYM_TRY_VOID(store_identity(paths.private_identity, paths.public_identity, keys.identity));
  NYM_TRY_VOID(store_x25519(paths.private_encryption, paths.public_encryption, keys.encryption));
  NYM_TRY_VOID(store(paths.ack_key, wire::kPemAckKey, keys.ack_key.expose()));
  return store(paths.gateway_shared, wire::kPemGatewaySharedKeys, keys.gateway_shared.expose());
}

Result<void> store_node_keys(const NodeKeyPaths& paths, const NodeKeys& keys) {
  NYM_TRY_VOID(store_identity(paths.private_identity, paths.public_identity, keys.identity));
  return store_x25519(paths.private_sphinx, paths.public_sphinx, keys.sphinx);
}

Result<wire::GatewayDetails> load_gateway_details(const fs::path& path) {
  NYM_TRY(auto text, read_file(path, limits::kKeyFileBytes));
  auto details = wire::parse_gateway_details(as_text(text));
  if (details) return details;
  return fail(NetError::bad_key_file, fmt::format("cannot use {}: {}", path.string(), details.error().text()));
}

Result<void> store_gateway_details(const fs::path& path, const wire::GatewayDetails& details) {
  if (path.has_parent_path()) NYM_TRY_VOID(make_directories(path.parent_path()));
  return write_file_atomically(path, as_bytes(wire::to_json(details)));
}

}  // namespace nym::net
