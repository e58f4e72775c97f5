#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <set>

#include "engine/topology/topology.h"
#include "sim/kernel/seeded_random.h"

namespace nym::topology {
namespace {

constexpr std::array kShapes = {RouteShape::stratified, RouteShape::cascade, RouteShape::free_route};

/// Three, four and three mixnodes, numbered through all layers.
class MixChoice : public testing::Test {
 protected:
  MixChoice() {
    for (std::uint32_t id = 0; id < 10; ++id) {
      std::uint8_t layer = id < 3 ? 1 : id < 7 ? 2 : 3;
      Endpoint endpoint{Ipv4{{10, 0, 0, static_cast<std::uint8_t>(id)}}, 1789};
      auto identity = crypto::Ed25519PrivateKey::generate(random).public_key();
      auto sphinx = crypto::X25519KeyPair::generate(random).public_key;
      snapshot.layers.at(layer - 1U).push_back({id, layer, endpoint, identity, sphinx, "1.1.29"});
      keys.push_back(sphinx);
    }
  }
  using Ids = std::array<std::uint32_t, kLayers>;
  static Ids ids(const Mixes& mixes) { return {mixes[0]->mix_id, mixes[1]->mix_id, mixes[2]->mix_id}; }

  std::map<Ids, int> count_routes(RouteShape shape, int routes) {
    std::map<Ids, int> times;
    for (int i = 0; i < routes; ++i) ++times[ids(choose_mixes(snapshot, random, shape).value())];
    return times;
  }
  static void expect_even(const std::map<Ids, int>& times, std::size_t kinds, int routes) {
    ASSERT_EQ(times.size(), kinds);
    double expected = routes / static_cast<double>(kinds);
    for (const auto& [route, count] : times) EXPECT_NEAR(count, expected, 6 * std::sqrt(expected));
  }

  sim::SeededRandom random{3};
  Snapshot snapshot;
  std::vector<crypto::X25519PublicKey> keys;
};

TEST_F(MixChoice, InLayersEveryCombinationIsEquallyLikely) {
  expect_even(count_routes(RouteShape::stratified, 20'000), 36, 20'000);
}

TEST_F(MixChoice, ThereAreAsManyCascadesAsTheSmallestLayerHasNodes) {
  auto times = count_routes(RouteShape::cascade, 6'000);
  expect_even(times, 3, 6'000);
  for (const auto& [route, count] : times) EXPECT_EQ(route, (Ids{route[0], route[0] + 3, route[0] + 7}));
}

TEST_F(MixChoice, FreeRoutesAreAllThreeDifferentNodesInAnyOrder) {
  auto times = count_routes(RouteShape::free_route, 60'000);
  expect_even(times, 10 * 9 * 8, 60'000);
  for (const auto& [route, count] : times) EXPECT_EQ(std::set(route.begin(), route.end()).size(), 3U);
}

TEST_F(MixChoice, EveryShapeNeedsNodesInEachLayer) {
  snapshot.layers[1].clear();
  for (auto shape : kShapes) {
    EXPECT_TRUE(choose_mixes(snapshot, random, shape).error().is(TopologyError::not_enough_layers));
    EXPECT_TRUE(choose_loop(snapshot, keys[0], random, shape).error().is(TopologyError::not_enough_layers));
  }
  snapshot.emptied[1] = true;
  for (auto shape : kShapes) {
    EXPECT_TRUE(choose_mixes(snapshot, random, shape).error().is(TopologyError::empty_layer));
  }
}

TEST_F(MixChoice, ALoopTakesOneOfEachOtherLayerAndEndsAtItself) {
  for (std::uint32_t own = 0; own < 10; ++own) {
    for (int i = 0; i < 20; ++i) {
      auto loop = choose_loop(snapshot, keys[own], random).value();
      EXPECT_EQ(loop[2]->mix_id, own);
      EXPECT_EQ(loop[0]->layer, loop[2]->layer % 3 + 1);
      EXPECT_EQ(loop[1]->layer, loop[0]->layer % 3 + 1);
    }
  }
}

TEST_F(MixChoice, ALoopInACascadeStaysInIt) {
  EXPECT_EQ(ids(choose_loop(snapshot, keys[4], random, RouteShape::cascade).value()), (Ids{8, 1, 4}));
  EXPECT_TRUE(choose_loop(snapshot, keys[6], random, RouteShape::cascade).error().is(TopologyError::bad_node));
}

TEST_F(MixChoice, ALoopOnFreeRoutesTakesAnyTwoOthers) {
  std::map<Ids, int> times;
  for (int i = 0; i < 20'000; ++i) {
    ++times[ids(choose_loop(snapshot, keys[5], random, RouteShape::free_route).value())];
  }
  expect_even(times, 9 * 8, 20'000);
  for (const auto& [route, count] : times) EXPECT_EQ(route[2], 5U);
}

TEST_F(MixChoice, AStrangerHasNoLoops) {
  auto stranger = crypto::X25519KeyPair::generate(random).public_key;
  EXPECT_TRUE(choose_loop(snapshot, stranger, random).error().is(TopologyError::bad_node));
}

}  // namespace
}  // namespace nym::topology
