#include "engine/client/topology_keeper.h"

#include <gtest/gtest.h>

#include "sim/kernel/seeded_random.h"

namespace nym::client {
namespace {

TimePoint at(std::int64_t ms) {
  return TimePoint::at(Duration::milliseconds(ms));
}

class Keeper : public testing::Test {
 protected:
  std::shared_ptr<const topology::Snapshot> snapshot() {
    topology::Snapshot made;
    for (std::uint8_t layer = 1; layer <= topology::kLayers; ++layer) {
      auto identity = crypto::Ed25519PrivateKey::generate(random).public_key();
      made.layers[layer - 1U].push_back({layer, layer, {}, identity, {}, "1.1.29"});
    }
    made.gateways.push_back({gateway, {}, {}, "owner", "127.0.0.1", 9000, "1.1.29"});
    return std::make_shared<const topology::Snapshot>(std::move(made));
  }
  void fetch(TimePoint now, bool good) {
    ASSERT_TRUE(keeper.begin_fetch(now));
    if (good) {
      keeper.on_fetched(now, snapshot());
    } else {
      keeper.on_fetched(now, fail(ClientError::no_topology, "the directory is down"));
    }
  }

  sim::SeededRandom random{1};
  crypto::Ed25519PublicKey gateway = crypto::Ed25519PrivateKey::generate(random).public_key();
  TopologyKeeper keeper{TopologyConfig{}, gateway};
};

TEST_F(Keeper, AsksAtOnceAndThenAtItsRate) {
  EXPECT_EQ(keeper.next_deadline(), at(0));
  fetch(at(0), true);
  EXPECT_TRUE(keeper.usable());
  EXPECT_EQ(keeper.next_deadline(), at(300'000));
  EXPECT_FALSE(keeper.begin_fetch(at(299'999)));
}

TEST_F(Keeper, KeepsTheMapOverTenFailuresAndNotOverEleven) {
  fetch(at(0), true);
  std::int64_t now = 0;
  for (int failure = 1; failure <= 11; ++failure) {
    now += 300'000;
    ASSERT_NO_FATAL_FAILURE(fetch(at(now), false));
    EXPECT_EQ(keeper.usable().has_value(), failure <= 10) << failure;
  }
  EXPECT_NE(keeper.usable().error().text().find("the directory is down"), std::string::npos);
  fetch(at(now + 5'000), true);
  EXPECT_TRUE(keeper.usable());
}

TEST_F(Keeper, NeedsOurOwnGateway) {
  TopologyKeeper other(TopologyConfig{}, crypto::Ed25519PrivateKey::generate(random).public_key());
  ASSERT_TRUE(other.begin_fetch(at(0)));
  other.on_fetched(at(0), snapshot());
  ASSERT_FALSE(other.usable());
  EXPECT_NE(other.usable().error().text().find("doesn't exist"), std::string::npos);
}

}  // namespace
}  // namespace nym::client
