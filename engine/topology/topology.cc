#include "engine/topology/topology.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/base/text_encoding.h"
#include "engine/topology/version.h"
#include "engine/wire/keys.h"
#include "engine/wire/routing_address.h"

namespace nym::topology {
namespace {

using Address = std::variant<Ipv4, Ipv6>;

Result<Endpoint> resolve_host(const std::string& host, std::uint16_t port, const Resolve& resolve) {
  std::optional<Address> address = parse_ip(host);
  if (!address) address = resolve(host);
  if (!address) return fail(TopologyError::bad_node, fmt::format("host {} is not resolved", host));
  return Endpoint{*address, port};
}

struct NodeKeys {
  crypto::Ed25519PublicKey identity;
  crypto::X25519PublicKey sphinx;
};

Result<NodeKeys> parse_keys(const std::string& identity_text, const std::string& sphinx_text) {
  auto identity = wire::ed25519_public_key_from_base58(identity_text);
  if (!identity) return fail(TopologyError::bad_node, fmt::format("identity key: {}", identity.error().text()));
  auto sphinx = wire::x25519_public_key_from_base58(sphinx_text);
  if (!sphinx) return fail(TopologyError::bad_node, fmt::format("sphinx key: {}", sphinx.error().text()));
  return NodeKeys{*identity, *sphinx};
}

std::string name_of(const MixnodeDetails& details) {
  return fmt::format("mixnode {}", details.mix_id);
}
std::string name_of(const GatewayBond& bond) {
  return fmt::format("gateway {}", bond.identity_key);
}

template <class Entry>
std::string left_out_line(const Entry& entry, std::string_view why) {
  return fmt::format("{}: {}", name_of(entry), why);
}

std::unexpected<Error> no_gateways() {
  return fail(TopologyError::no_gateways, "The provided network topology has no gateways available");
}
std::unexpected<Error> no_mixnodes() {
  return fail(TopologyError::no_mixnodes, "The provided network topology has no mixnodes available");
}
std::unexpected<Error> empty_layer(std::size_t index) {
  return fail(TopologyError::empty_layer, fmt::format("No mixnodes available on layer {}", index + 1));
}

std::size_t count_layers(const Snapshot& snapshot) {
  std::size_t count = 0;
  for (std::size_t index = 0; index < kLayers; ++index) count += snapshot.has_layer(index) ? 1U : 0U;
  return count;
}

/// The original multiplies 32-bit floats and cuts off; below 100 000 nodes that is the same.
std::size_t percent_of(std::size_t n, std::size_t percent) {
  return n * percent / 100;
}
constexpr std::size_t kLeastPercent = 15;
constexpr std::size_t kMostPercent = 66;

std::string breakdown(const Snapshot& snapshot) {
  std::vector<std::string> parts;
  for (std::size_t index = 0; index < kLayers; ++index) {
    if (snapshot.has_layer(index)) parts.push_back(fmt::format("({}, {})", index + 1, snapshot.layers[index].size()));
  }
  return fmt::format("[{}]", fmt::join(parts, ", "));
}

}  // namespace

std::string Gateway::listener_url() const {
  return fmt::format("ws://{}:{}", host, clients_port);
}

const Gateway* Snapshot::find_gateway(const crypto::Ed25519PublicKey& identity) const {
  auto found = std::find_if(gateways.begin(), gateways.end(), [&](const Gateway& g) { return g.identity == identity; });
  return found == gateways.end() ? nullptr : &*found;
}

std::size_t Snapshot::mixnode_count() const {
  std::size_t count = 0;
  for (const auto& layer : layers) count += layer.size();
  return count;
}

Result<Gateway> convert(const GatewayBond& bond, const Resolve& resolve) {
  NYM_TRY(auto endpoint, resolve_host(bond.host, bond.mix_port, resolve));
  NYM_TRY(auto keys, parse_keys(bond.identity_key, bond.sphinx_key));
  return Gateway{keys.identity, keys.sphinx, endpoint, bond.owner, bond.host, bond.clients_port, bond.version};
}

Result<MixNode> convert(const MixnodeDetails& details, const Resolve& resolve) {
  if (details.layer < 1 || details.layer > kLayers) {
    return fail(TopologyError::bad_node, fmt::format("layer {} does not exist", details.layer));
  }
  NYM_TRY(auto endpoint, resolve_host(details.host, details.mix_port, resolve));
  NYM_TRY(auto keys, parse_keys(details.identity_key, details.sphinx_key));
  return MixNode{details.mix_id, details.layer, endpoint, keys.identity, keys.sphinx, details.version};
}

bool version_compatible(std::string_view a, std::string_view b) {
  auto parsed_a = parse_version(a);
  auto parsed_b = parse_version(b);
  return parsed_a && parsed_b && *parsed_a == *parsed_b;
}

BuiltSnapshot build_snapshot(std::span<const MixnodeDetails> mixnodes, std::span<const GatewayBond> gateways,
                             const Resolve& resolve) {
  BuiltSnapshot built;
  auto& snapshot = built.snapshot;
  for (const auto& details : mixnodes) {
    auto node = convert(details, resolve);
    if (!node) {
      built.left_out.push_back(left_out_line(details, node.error().text()));
      continue;
    }
    std::size_t index = node->layer - 1U;
    if (!version_compatible(node->version, kFilterVersion)) {
      snapshot.emptied[index] = true;
      built.left_out.push_back(left_out_line(details, fmt::format("version {} does not fit", details.version)));
      continue;
    }
    snapshot.layers[index].push_back(*std::move(node));
  }
  for (std::size_t index = 0; index < kLayers; ++index) {
    snapshot.emptied[index] = snapshot.emptied[index] && snapshot.layers[index].empty();
  }
  for (const auto& bond : gateways) {
    if (auto gateway = convert(bond, resolve)) {
      snapshot.gateways.push_back(*std::move(gateway));
    } else {
      built.left_out.push_back(left_out_line(bond, gateway.error().text()));
    }
  }
  return built;
}

Result<void> check_layer_balance(const Snapshot& snapshot) {
  if (snapshot.gateways.empty()) return no_gateways();
  if (count_layers(snapshot) == 0) return no_mixnodes();
  std::size_t total = snapshot.mixnode_count();
  std::size_t lower = percent_of(total, kLeastPercent);
  std::size_t upper = percent_of(total, kMostPercent);
  for (std::size_t index = 0; index < kLayers; ++index) {
    std::size_t count = snapshot.layers[index].size();
    if (!snapshot.has_layer(index) || (count >= lower && count <= upper)) continue;
    return fail(TopologyError::uneven_layers,
                fmt::format("Uneven layer distribution. Layer {} has {} on it, while we expected a value between {} "
                            "and {} as we have {} nodes in total. Full breakdown: {}",
                            index + 1, count, lower, upper, total, breakdown(snapshot)));
  }
  return {};
}

Result<void> check_routable(const Snapshot& snapshot) {
  bool has_layers = count_layers(snapshot) > 0;
  if (!has_layers && snapshot.gateways.empty()) {
    return fail(TopologyError::empty,
                "The provided network topology is empty - there are no mixnodes and no gateways on it - the network "
                "request(s) probably failed");
  }
  if (!has_layers) return no_mixnodes();
  if (snapshot.gateways.empty()) return no_gateways();
  for (std::size_t index = 0; index < kLayers; ++index) {
    if (snapshot.layers[index].empty()) return empty_layer(index);
  }
  return {};
}

sphinx::Hop make_hop(const Endpoint& endpoint, const crypto::X25519PublicKey& key, Duration delay) {
  return {{wire::encode_address_32(endpoint)}, key, {static_cast<std::uint64_t>(delay.ns())}};
}

Result<sphinx::Route> choose_route(const Snapshot& snapshot, const RouteRequest& request, RandomSource& random) {
  NYM_TRY_VOID(check_routable(snapshot));
  const Gateway* gateway = snapshot.find_gateway(request.gateway);
  if (gateway == nullptr) {
    return fail(TopologyError::unknown_gateway,
                fmt::format("Gateway with identity key {} doesn't exist", to_base58(request.gateway.bytes())));
  }
  NYM_TRY(auto mixes, choose_mixes(snapshot, random, request.shape));
  sphinx::Route route;
  for (const MixNode* mix : mixes) {
    Duration delay = draw_exponential(random, request.mean_delay);
    route.push_back(make_hop(mix->mix_endpoint, mix->sphinx_key, delay));
  }
  // The last delay travels nowhere, but is drawn like the others (02 §11).
  Duration unused = draw_exponential(random, request.mean_delay);
  route.push_back(make_hop(gateway->mix_endpoint, gateway->sphinx_key, unused));
  return route;
}

}  // namespace nym::topology
