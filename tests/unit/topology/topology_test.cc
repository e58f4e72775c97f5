#include "engine/topology/topology.h"

#include <gtest/gtest.h>

#include <cmath>
#include <map>

#include "engine/base/text_encoding.h"
#include "engine/wire/routing_address.h"
#include "sim/kernel/seeded_random.h"

namespace nym::topology {
namespace {

crypto::Ed25519PublicKey identity(std::uint8_t seed) {
  return crypto::Ed25519PrivateKey::from_seed(ByteArray<32>{seed}).public_key();
}

MixnodeDetails mixnode(std::uint32_t id, std::uint8_t layer, std::string version = "1.1.28") {
  MixnodeDetails details;
  details.mix_id = id;
  details.layer = layer;
  details.host = "10.0.0." + std::to_string(id);
  details.mix_port = 1789;
  details.identity_key = to_base58(identity(static_cast<std::uint8_t>(id)).bytes());
  details.sphinx_key = to_base58(ByteArray<32>{static_cast<std::uint8_t>(id)});
  details.version = std::move(version);
  return details;
}

GatewayBond gateway(std::uint8_t id) {
  GatewayBond bond;
  bond.host = "10.0.1." + std::to_string(id);
  bond.mix_port = 1789;
  bond.clients_port = 9000;
  bond.identity_key = to_base58(identity(static_cast<std::uint8_t>(100 + id)).bytes());
  bond.sphinx_key = to_base58(ByteArray<32>{static_cast<std::uint8_t>(100 + id)});
  bond.version = "9.9.9";
  return bond;
}

std::optional<std::variant<Ipv4, Ipv6>> resolve_nothing(const std::string&) {
  return std::nullopt;
}

BuiltSnapshot build(const std::vector<MixnodeDetails>& mixnodes, const std::vector<GatewayBond>& gateways) {
  return build_snapshot(mixnodes, gateways, resolve_nothing);
}

Snapshot small_network() {
  return build({mixnode(1, 1), mixnode(2, 2), mixnode(3, 3), mixnode(4, 1), mixnode(5, 2)}, {gateway(1), gateway(2)})
      .snapshot;
}

TEST(Conversion, HostNamesAreResolvedAndLiteralsAreNot) {
  int asked = 0;
  auto resolve = [&](const std::string& host) -> std::optional<std::variant<Ipv4, Ipv6>> {
    ++asked;
    EXPECT_EQ(host, "mix.example");
    return Ipv4{{1, 2, 3, 4}};
  };
  auto named = mixnode(1, 1);
  named.host = "mix.example";
  EXPECT_EQ(to_string(convert(named, resolve).value().mix_endpoint), "1.2.3.4:1789");
  EXPECT_EQ(to_string(convert(mixnode(1, 1), resolve).value().mix_endpoint), "10.0.0.1:1789");
  EXPECT_EQ(asked, 1);
  EXPECT_TRUE(convert(named, resolve_nothing).error().is(TopologyError::bad_node));
}

TEST(Conversion, BadNodesAreLeftOutAndNamed) {
  auto bad_key = mixnode(7, 1);
  bad_key.sphinx_key = "0";
  auto bad_identity = gateway(7);
  bad_identity.identity_key = to_base58(ByteArray<32>{2});
  auto bad_layer = mixnode(8, 0);
  auto built = build({mixnode(1, 1), bad_key, bad_layer, mixnode(9, 2, "1.2.0")}, {bad_identity, gateway(1)});
  EXPECT_EQ(built.snapshot.mixnode_count(), 1U);
  EXPECT_EQ(built.snapshot.gateways.size(), 1U);
  ASSERT_EQ(built.left_out.size(), 4U);
  EXPECT_TRUE(built.left_out[0].starts_with("mixnode 7: sphinx key"));
  EXPECT_TRUE(built.left_out[1].starts_with("mixnode 8: layer 0"));
  EXPECT_TRUE(built.left_out[2].starts_with("mixnode 9: version 1.2.0"));
  EXPECT_TRUE(built.left_out[3].starts_with("gateway " + bad_identity.identity_key + ": identity key"));
}

TEST(Conversion, GatewaysAreNotFilteredByVersion) {
  EXPECT_EQ(build({}, {gateway(1)}).snapshot.gateways.size(), 1U);
}

TEST(Conversion, LayerWithoutFittingVersionsIsEmptyButNotAbsent) {
  auto built = build({mixnode(1, 1), mixnode(2, 2), mixnode(3, 3, "2.0.0")}, {gateway(1)});
  EXPECT_TRUE(built.snapshot.has_layer(2));
  EXPECT_TRUE(built.snapshot.layers[2].empty());
  sim::SeededRandom random(1);
  EXPECT_TRUE(choose_mixes(built.snapshot, random).error().is(TopologyError::empty_layer));
  auto absent = build({mixnode(1, 1), mixnode(2, 2)}, {gateway(1)});
  EXPECT_FALSE(absent.snapshot.has_layer(2));
  EXPECT_TRUE(choose_mixes(absent.snapshot, random).error().is(TopologyError::not_enough_layers));
}

TEST(Gateways, AreFoundByIdentityAndNameTheirListener) {
  auto snapshot = small_network();
  const Gateway* found = snapshot.find_gateway(identity(102));
  ASSERT_NE(found, nullptr);
  EXPECT_EQ(found->listener_url(), "ws://10.0.1.2:9000");
  EXPECT_EQ(snapshot.find_gateway(identity(1)), nullptr);
}

/// Whether a network of n mixnodes may have this many on layer 1.
bool balanced_with(int n, int on_first_layer) {
  Snapshot snapshot;
  MixNode node{1, 1, {}, identity(1), {}, ""};
  int rest = n - on_first_layer;
  snapshot.layers[0].assign(static_cast<std::size_t>(on_first_layer), node);
  snapshot.layers[1].assign(static_cast<std::size_t>(rest / 2), node);
  snapshot.layers[2].assign(static_cast<std::size_t>(rest - rest / 2), node);
  snapshot.emptied = {true, true, true};
  snapshot.gateways.push_back({identity(2), {}, {}, "", "", 1, ""});
  auto result = check_layer_balance(snapshot);
  return result.has_value() || !result.error().text().starts_with("Uneven layer distribution. Layer 1 ");
}

TEST(LayerBalance, BoundsAreThoseOf32BitFloats) {
  for (int n = 1; n < 3'000; n += n < 60 ? 1 : 97) {
    auto lower = static_cast<int>(static_cast<float>(n) * 0.15F);
    auto upper = static_cast<int>(static_cast<float>(n) * 0.66F);
    EXPECT_TRUE(balanced_with(n, lower)) << n;
    EXPECT_TRUE(balanced_with(n, upper)) << n;
    EXPECT_FALSE(balanced_with(n, upper + 1)) << n;
    if (lower > 0) {
      EXPECT_FALSE(balanced_with(n, lower - 1)) << n;
    }
  }
}

TEST(LayerBalance, WholePercentsAgreeWithFloatsInAnyNetworkThatADirectoryCanHold) {
  for (int n = 0; n < 100'000; ++n) {
    ASSERT_EQ(static_cast<int>(static_cast<float>(n) * 0.15F), n * 15 / 100) << n;
    ASSERT_EQ(static_cast<int>(static_cast<float>(n) * 0.66F), n * 66 / 100) << n;
  }
}

TEST(Routes, GoThroughTheLayersInOrderToTheGateway) {
  auto snapshot = small_network();
  sim::SeededRandom random(5);
  for (int i = 0; i < 100; ++i) {
    auto route = choose_route(snapshot, {identity(101), Duration::milliseconds(50)}, random).value();
    ASSERT_EQ(route.size(), 4U);
    for (std::size_t hop = 0; hop < kLayers; ++hop) {
      auto is_this = [&](const MixNode& node) {
        return wire::encode_address_32(node.mix_endpoint) == route[hop].address.bytes &&
               node.sphinx_key == route[hop].key;
      };
      EXPECT_TRUE(std::any_of(snapshot.layers[hop].begin(), snapshot.layers[hop].end(), is_this));
    }
    EXPECT_EQ(route[3].address.bytes, wire::encode_address_32(snapshot.gateways[0].mix_endpoint));
    EXPECT_EQ(route[3].key, snapshot.gateways[0].sphinx_key);
  }
}

TEST(Routes, NodesAreChosenEvenlyAndDelaysHaveTheirMean) {
  auto snapshot =
      build({mixnode(1, 1), mixnode(2, 1), mixnode(3, 1), mixnode(4, 2), mixnode(5, 3)}, {gateway(1)}).snapshot;
  sim::SeededRandom random(6);
  RouteRequest request{identity(101), Duration::milliseconds(50)};
  std::map<ByteArray<32>, int> times;
  double delays = 0;
  constexpr int kRoutes = 30'000;
  for (int i = 0; i < kRoutes; ++i) {
    auto route = choose_route(snapshot, request, random).value();
    ++times[route.first().address.bytes];
    for (const auto& hop : route.hops()) delays += static_cast<double>(hop.delay.ns);
  }
  ASSERT_EQ(times.size(), 3U);
  // Five standard deviations around a third, and around the mean.
  double deviation = std::sqrt(kRoutes * (1.0 / 3) * (2.0 / 3));
  for (const auto& [address, count] : times) EXPECT_NEAR(count, kRoutes / 3.0, 5 * deviation);
  EXPECT_NEAR(delays / (4.0 * kRoutes), 50e6, 5 * 50e6 / std::sqrt(4.0 * kRoutes));
}

TEST(Routes, MeanOfZeroMeansNoDelays) {
  sim::SeededRandom random(7);
  auto route = choose_route(small_network(), {identity(101), Duration()}, random).value();
  for (const auto& hop : route.hops()) EXPECT_EQ(hop.delay.ns, 0U);
}

TEST(Routes, NeedEveryLayerAndTheGateway) {
  sim::SeededRandom random(8);
  RouteRequest request{identity(101), Duration::milliseconds(1)};
  EXPECT_TRUE(choose_route(Snapshot{}, request, random).error().is(TopologyError::empty));
  auto snapshot = small_network();
  snapshot.layers[1].clear();
  EXPECT_TRUE(choose_route(snapshot, request, random).error().is(TopologyError::empty_layer));
  snapshot = small_network();
  snapshot.gateways.erase(snapshot.gateways.begin());
  EXPECT_TRUE(choose_route(snapshot, request, random).error().is(TopologyError::unknown_gateway));
}

}  // namespace
}  // namespace nym::topology
