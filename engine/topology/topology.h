#pragma once

#include <array>
#include <functional>
#include <vector>

#include "engine/base/endpoint.h"
#include "engine/base/random.h"
#include "engine/crypto/ed25519.h"
#include "engine/sphinx/route.h"
#include "engine/topology/directory_documents.h"

namespace nym::topology {

inline constexpr std::size_t kLayers = 3;

struct MixNode {
  std::uint32_t mix_id = 0;
  std::uint8_t layer = 1;
  Endpoint mix_endpoint;
  crypto::Ed25519PublicKey identity;
  crypto::X25519PublicKey sphinx_key;
  std::string version;
};
struct Gateway {
  crypto::Ed25519PublicKey identity;
  crypto::X25519PublicKey sphinx_key;
  Endpoint mix_endpoint;
  std::string owner;
  std::string host;  ///< as in the directory
  std::uint16_t clients_port = 0;
  std::string version;

  /// `ws://host:port`, without brackets around an IPv6 literal (a quirk of files, 04 §2.8).
  std::string listener_url() const;
};

/// The nodes of one moment.
struct Snapshot {
  std::array<std::vector<MixNode>, kLayers> layers;
  /// Layers that had nodes until the version filter took the last: empty, but not absent (03 §13.3).
  std::array<bool, kLayers> emptied{};
  std::vector<Gateway> gateways;

  bool has_layer(std::size_t index) const { return emptied[index] || !layers[index].empty(); }

  const Gateway* find_gateway(const crypto::Ed25519PublicKey& identity) const;
  std::size_t mixnode_count() const;
};

/// Turns a host name into an address; IP literals do not ask it. The driver's business, hence a function.
using Resolve = std::function<std::optional<std::variant<Ipv4, Ipv6>>(const std::string& host)>;

/// 03 §13.3: bad keys, unresolved hosts → the node is left out. Error: bad_node, to be reported.
Result<Gateway> convert(const GatewayBond& bond, const Resolve& resolve);
Result<MixNode> convert(const MixnodeDetails& details, const Resolve& resolve);

/// Same major and minor, both semver (03 §13.3).
bool version_compatible(std::string_view a, std::string_view b);
/// What v1.1.29 compares node versions with.
inline constexpr std::string_view kFilterVersion = "1.1.15";

struct BuiltSnapshot {
  Snapshot snapshot;
  std::vector<std::string> left_out;  ///< one line a node, for the log
};
/// Converts everything, filters mixnodes (not gateways) by version.
BuiltSnapshot build_snapshot(std::span<const MixnodeDetails> mixnodes, std::span<const GatewayBond> gateways,
                             const Resolve& resolve);

/// 03 §13.3 layer balance: between 15 and 66 per cent of the mixnodes on each layer, cut off. Errors: no_gateways,
/// no_mixnodes, uneven_layers.
Result<void> check_layer_balance(const Snapshot& snapshot);
/// Whether a 3-hop route is possible. Errors: empty, no_mixnodes, no_gateways, empty_layer.
Result<void> check_routable(const Snapshot& snapshot);

/// Which mixnodes a route may take. The protocol has layers; the others are there to be compared with it.
enum class RouteShape : std::uint8_t {
  stratified,  ///< one of each layer, layer by layer
  cascade,     ///< the k-th of each layer; as many cascades as the smallest layer has nodes
  free_route   ///< three different ones of all layers, in any order
};
using Mixes = std::array<const MixNode*, kLayers>;

/// Uniformly random among the routes of this shape. Every shape needs nodes in each layer. Errors: not_enough_layers,
/// empty_layer.
Result<Mixes> choose_mixes(const Snapshot& snapshot, RandomSource& random, RouteShape shape = RouteShape::stratified);
/// The way of a mixnode's own loop: two others, then itself. In layers and cascades the two are of the layers that
/// follow its own, after the third comes the first. Errors: those of choose_mixes, and bad_node when the mixnode is not
/// in the snapshot, or in none of its cascades.
Result<Mixes> choose_loop(const Snapshot& snapshot, const crypto::X25519PublicKey& own_sphinx_key, RandomSource& random,
                          RouteShape shape = RouteShape::stratified);

struct RouteRequest {
  crypto::Ed25519PublicKey gateway;
  Duration mean_delay;
  RouteShape shape = RouteShape::stratified;
};
/// Chosen mixes, then the gateway; delays drawn with the mean (02 §11), four of them.
/// Errors: those of check_routable and unknown_gateway.
Result<sphinx::Route> choose_route(const Snapshot& snapshot, const RouteRequest& request, RandomSource& random);

/// One hop of a route, as it stands in a header.
sphinx::Hop make_hop(const Endpoint& endpoint, const crypto::X25519PublicKey& key, Duration delay);

}  // namespace nym::topology
