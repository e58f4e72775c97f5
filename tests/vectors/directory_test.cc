#include <gtest/gtest.h>

#include <algorithm>

#include "engine/topology/directory_documents.h"
#include "engine/topology/topology.h"
#include "engine/wire/keys.h"
#include "sim/kernel/seeded_random.h"
#include "tests/vectors/recorded_network.h"

namespace nym::topology {
namespace {

using test::cases_of;
using test::Json;

const Json& section(const char* name) {
  return test::vectors("directory.json").at(name);
}

std::optional<std::variant<Ipv4, Ipv6>> resolve_nothing(const std::string&) {
  return std::nullopt;
}

std::string list_of(const Json& elements) {
  std::string list = "[";
  for (const auto& element : elements) list += (list.size() > 1 ? "," : "") + element.get<std::string>();
  return list + "]";
}

/// The same members in the same order, and the same values where our types carry them.
void expect_same_document(const Json& ours, const Json& recorded, const std::vector<std::string>& carried,
                          const std::string& path = "") {
  if (!recorded.is_object()) {
    bool is_carried =
        std::any_of(carried.begin(), carried.end(), [&](const auto& prefix) { return path.starts_with(prefix); });
    if (is_carried) {
      EXPECT_EQ(ours, recorded) << path;
    }
    return;
  }
  ASSERT_TRUE(ours.is_object()) << path;
  ASSERT_EQ(ours.size(), recorded.size()) << path;
  for (auto a = ours.begin(), b = recorded.begin(); b != recorded.end(); ++a, ++b) {
    ASSERT_EQ(a.key(), b.key()) << path;
    expect_same_document(a.value(), b.value(), carried, path + "/" + b.key());
  }
}

/// Reads a list of one, compares the verdict, and what we write from it.
template <class Entry>
void expect_verdict(const Json& row, const Result<std::vector<Entry>>& parsed,
                    Result<std::vector<Entry>> (*parse)(std::string_view), const std::vector<std::string>& carried) {
  const auto& result = row.at("result_in_a_list_of_one");
  ASSERT_EQ(parsed.has_value(), result.contains("ok")) << row.at("name");
  if (!parsed) {
    EXPECT_TRUE(parsed.error().is(TopologyError::bad_document));
    return;
  }
  std::string written = to_json(std::span<const Entry>(*parsed));
  Json ours = Json::parse(written);
  ASSERT_EQ(ours.size(), 1U);
  std::string recorded = result.at("serialises_to").get<std::string>();
  expect_same_document(ours[0], Json::parse(recorded), carried);
  EXPECT_EQ(ours.dump(), written) << "compact, without repeated members";
  if (ours[0] == Json::parse(recorded)) {
    EXPECT_EQ(written, "[" + recorded + "]");
  }
  EXPECT_EQ(parse(written).value(), *parsed) << "what we write we also read";
}

bool is_mixnode(const std::string& element) {
  return element.find("mix_node") != std::string::npos;
}

TEST(DirectoryVectors, DocumentsAreReadOrRefusedAndWrittenAsRecorded) {
  const std::vector<std::string> kMixnodeFields = {"/bond_information/mix_id", "/bond_information/owner",
                                                   "/bond_information/layer", "/bond_information/mix_node"};
  const std::vector<std::string> kGatewayFields = {"/owner", "/gateway"};
  for (const auto& row : cases_of(section("decoding"))) {
    std::string element = row.at("element").get<std::string>();
    std::string list = "[" + element + "]";
    if (is_mixnode(element)) {
      expect_verdict(row, parse_mixnodes(list), parse_mixnodes, kMixnodeFields);
    } else {
      expect_verdict(row, parse_gateways(list), parse_gateways, kGatewayFields);
    }
  }
}

TEST(DirectoryVectors, OneBadElementFailsTheList) {
  std::string good;
  for (const auto& row : cases_of(section("decoding"))) {
    std::string element = row.at("element").get<std::string>();
    if (!is_mixnode(element)) continue;
    if (row.at("result_in_a_list_of_one").contains("ok")) {
      good = element;
      continue;
    }
    ASSERT_FALSE(good.empty());
    EXPECT_TRUE(parse_mixnodes("[" + good + "," + good + "]").has_value());
    EXPECT_FALSE(parse_mixnodes("[" + good + "," + element + "]").has_value()) << row.at("name");
  }
}

// ---- Conversion

Json shown(const MixNode& node) {
  return {{"mix_id", node.mix_id}, {"mix_host", to_string(node.mix_endpoint)}, {"version", node.version}};
}

Json shown(const Gateway& gateway) {
  return {{"owner", gateway.owner},
          {"mix_host", to_string(gateway.mix_endpoint)},
          {"clients_address", gateway.listener_url()},
          {"version", gateway.version}};
}

Json shown(const Snapshot& snapshot) {
  Json mixes = Json::array();
  for (std::size_t index = 0; index < kLayers; ++index) {
    if (!snapshot.has_layer(index)) continue;
    Json nodes = Json::array();
    for (const auto& node : snapshot.layers[index]) nodes.push_back(shown(node));
    mixes.push_back({{"layer", index + 1}, {"nodes", nodes}});
  }
  Json gateways = Json::array();
  for (const auto& gateway : snapshot.gateways) gateways.push_back(shown(gateway));
  return {{"mixes", mixes}, {"gateways", gateways}};
}

TEST(DirectoryVectors, NodesAreConvertedAndFilteredAsRecorded) {
  const auto& conversion = section("conversion");
  auto mixnodes = parse_mixnodes(list_of(cases_of(conversion.at("mixnodes")))).value();
  auto gateways = parse_gateways(list_of(cases_of(conversion.at("gateways")))).value();
  Snapshot unfiltered;
  for (const auto& details : mixnodes) {
    auto node = convert(details, resolve_nothing);
    if (node) unfiltered.layers[node->layer - 1U].push_back(*node);
  }
  for (const auto& bond : gateways) {
    auto gateway = convert(bond, resolve_nothing);
    if (gateway) unfiltered.gateways.push_back(*gateway);
  }
  EXPECT_EQ(shown(unfiltered), conversion.at("topology"));

  auto built = build_snapshot(mixnodes, gateways, resolve_nothing);
  EXPECT_EQ(shown(built.snapshot), conversion.at("topology_filtered_for_" + std::string(kFilterVersion)));
  std::size_t kept = built.snapshot.mixnode_count() + built.snapshot.gateways.size();
  EXPECT_EQ(built.left_out.size(), mixnodes.size() + gateways.size() - kept);
}

TEST(DirectoryVectors, VersionsAreCompatibleAsRecorded) {
  for (const auto& row : cases_of(section("version_compatible"))) {
    EXPECT_EQ(version_compatible(row.at(0).get<std::string>(), row.at(1).get<std::string>()), row.at(2).get<bool>())
        << row;
  }
}

// ---- Checks on whole networks

crypto::Ed25519PublicKey some_identity() {
  return crypto::Ed25519PrivateKey::from_seed(ByteArray<32>{}).public_key();
}

MixNode some_mixnode(std::uint8_t layer) {
  return {1, layer, Endpoint{Ipv4{{10, 0, 0, layer}}, 1789}, some_identity(), {}, "1.1.28"};
}

Gateway some_gateway() {
  return {some_identity(), {}, Endpoint{Ipv4{{10, 0, 1, 1}}, 1789}, "owner", "10.0.1.1", 9000, "1.1.27"};
}

Snapshot network_of(const std::vector<std::pair<int, int>>& layers, int gateways) {
  Snapshot snapshot;
  for (auto [layer, count] : layers) {
    auto index = static_cast<std::size_t>(layer - 1);
    for (int i = 0; i < count; ++i) snapshot.layers[index].push_back(some_mixnode(static_cast<std::uint8_t>(layer)));
    snapshot.emptied[index] = count == 0;
  }
  for (int i = 0; i < gateways; ++i) snapshot.gateways.push_back(some_gateway());
  return snapshot;
}

std::string verdict(const Result<void>& result) {
  return result ? "ok" : result.error().text();
}

TEST(DirectoryVectors, LayerBalanceIsAsRecorded) {
  for (const auto& row : cases_of(section("layer_balance").at("rows"))) {
    auto snapshot = network_of({{1, row.at(0)}, {2, row.at(1)}, {3, row.at(2)}}, 1);
    EXPECT_EQ(check_layer_balance(snapshot).has_value(), row.at(3).get<bool>()) << row;
  }
}

TEST(DirectoryVectors, NetworksAreJudgedInTheRecordedWords) {
  sim::SeededRandom random(1);
  for (const auto& row : cases_of(section("topology_checks"))) {
    std::vector<std::pair<int, int>> layers;
    bool has_other_layers = false;
    for (const auto& layer : row.at("layers")) {
      has_other_layers = has_other_layers || layer.at(0) > static_cast<int>(kLayers);
      layers.emplace_back(layer.at(0), layer.at(1));
    }
    if (has_other_layers) {
      // The original's type could hold it; ours cannot, and no directory document can bring it.
      MixnodeDetails details;
      details.layer = kLayers + 1;
      EXPECT_FALSE(parse_mixnodes(to_json(std::span<const MixnodeDetails>(&details, 1))).has_value());
      continue;
    }
    auto snapshot = network_of(layers, row.at("gateways"));
    EXPECT_EQ(verdict(check_layer_balance(snapshot)), row.at("even_distribution").get<std::string>()) << row;
    EXPECT_EQ(verdict(check_routable(snapshot)), row.at("path_of_3_possible").get<std::string>()) << row;
    auto mixes = choose_mixes(snapshot, random);
    std::string route = mixes ? "ok, " + std::to_string(mixes->size()) + " nodes" : mixes.error().text();
    EXPECT_EQ(route, row.at("route_of_3").get<std::string>()) << row;
  }
}

TEST(DirectoryVectors, RoutesToUnknownGatewaysFailInTheRecordedWords) {
  const auto& row = section("route_to_unknown_gateway");
  auto gateway = wire::ed25519_public_key_from_base58(row.at("gateway").get<std::string>()).value();
  sim::SeededRandom random(1);
  auto route = choose_route(network_of({{1, 1}, {2, 1}, {3, 1}}, 1), {gateway, Duration::milliseconds(50)}, random);
  ASSERT_FALSE(route.has_value());
  EXPECT_TRUE(route.error().is(TopologyError::unknown_gateway));
  EXPECT_EQ(route.error().text(), row.at("error").get<std::string>());
}

}  // namespace
}  // namespace nym::topology
