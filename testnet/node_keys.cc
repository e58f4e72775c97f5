#include "testnet/node_keys.h"

#include <fmt/format.h>

#include "engine/base/text_encoding.h"
#include "net/files.h"
#include "net/os_random.h"

namespace nym::testnet {
namespace {

constexpr const char* kNodeVersion = "1.1.29";

}  // namespace

Result<net::NodeKeys> load_or_make_keys(const std::filesystem::path& folder) {
  auto paths = net::NodeKeyPaths::in(folder);
  if (std::filesystem::exists(paths.private_sphinx)) {
    NYM_TRY(auto loaded, net::load_node_keys(paths));
    return std::move(loaded.keys);
  }
  net::OsRandom random;
  auto identity = crypto::Ed25519PrivateKey::generate(random);
  auto open = identity.public_key();
  net::NodeKeys keys{{std::move(identity), open}, crypto::X25519KeyPair::generate(random)};
  NYM_TRY_VOID(net::store_node_keys(paths, keys));
  return keys;
}

topology::MixnodeDetails listing_of_mixnode(const NodePlan& plan, const net::NodeKeys& keys, const std::string& host) {
  topology::MixnodeDetails listed;
  listed.mix_id = plan.index + 1;
  listed.owner = fmt::format("n1testnet{}", plan.name);
  listed.layer = plan.layer;
  listed.host = host;
  listed.mix_port = plan.mix.port;
  listed.http_api_port = plan.http.port;
  listed.sphinx_key = to_base58(keys.sphinx.public_key.bytes);
  listed.identity_key = to_base58(keys.identity.public_key.bytes());
  listed.version = kNodeVersion;
  return listed;
}

topology::GatewayBond listing_of_gateway(const NodePlan& plan, const net::NodeKeys& keys, const std::string& host) {
  topology::GatewayBond listed;
  listed.owner = fmt::format("n1testnet{}", plan.name);
  listed.host = host;
  listed.mix_port = plan.mix.port;
  listed.clients_port = plan.clients.port;
  listed.location = "testnet";
  listed.sphinx_key = to_base58(keys.sphinx.public_key.bytes);
  listed.identity_key = to_base58(keys.identity.public_key.bytes());
  listed.version = kNodeVersion;
  return listed;
}

}  // namespace nym::testnet
