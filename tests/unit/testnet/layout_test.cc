#include "testnet/layout.h"

#include <gtest/gtest.h>

#include "testnet/child_process.h"

namespace nym::testnet {
namespace {

using Counts = std::vector<std::uint32_t>;

std::string why_not(Layout layout) {
  auto checked = check(layout);
  return checked ? "" : checked.error().text();
}

TEST(Layout, SpreadsMixnodesOverThreeLayers) {
  EXPECT_EQ(*spread_mixnodes(3, "3"), (Counts{1, 1, 1}));
  EXPECT_EQ(*spread_mixnodes(11, "3"), (Counts{4, 4, 3}));
  EXPECT_EQ(*spread_mixnodes(0, "2,3,4"), (Counts{2, 3, 4}));
  EXPECT_EQ(*spread_mixnodes(9, "2,3,4"), (Counts{2, 3, 4}));
  for (const char* bad : {"", "4", "1,1", "1,1,1,1", "a", "1,,1", "-1,1,1", "99999,1,1"}) {
    EXPECT_FALSE(spread_mixnodes(0, bad)) << bad;
  }
  EXPECT_FALSE(spread_mixnodes(8, "2,3,4"));
}

TEST(Layout, RefusesWhatClientsWouldRefuse) {
  EXPECT_EQ(why_not({}), "");
  EXPECT_NE(why_not({.mixnodes = {1, 1, 8}}).find("15 to 66 %"), std::string::npos);
  EXPECT_NE(why_not({.mixnodes = {0, 1, 1}}).find("at least 3"), std::string::npos);
  EXPECT_NE(why_not({.gateways = 0}).find("needs a gateway"), std::string::npos);
  EXPECT_NE(why_not({.host = "localhost"}).find("no IP address"), std::string::npos);
  EXPECT_NE(why_not({.host = "0.0.0.0"}).find("--announce"), std::string::npos);
  EXPECT_EQ(why_not({.host = "0.0.0.0", .announce = "net.example"}), "");
  EXPECT_NE(why_not({.clients = 100'000}).find("at most"), std::string::npos);
}

TEST(Layout, RemembersThePortsOfADirectory) {
  auto folder = TemporaryDirectory::make();
  ASSERT_TRUE(folder);
  Layout layout{.clients = 2};
  auto first = plan_network(layout, folder->path());
  ASSERT_TRUE(first) << first.error().text();
  layout.clients = 3;
  auto second = plan_network(layout, folder->path());
  ASSERT_TRUE(second);
  EXPECT_EQ(first->directory, second->directory);
  ASSERT_EQ(first->nodes.size(), 7U);
  ASSERT_EQ(second->nodes.size(), 8U);
  for (std::size_t i = 0; i < 7; ++i) {
    EXPECT_EQ(first->nodes[i].name, second->nodes[i].name);
    EXPECT_EQ(first->nodes[i].mix, second->nodes[i].mix);
    EXPECT_EQ(first->nodes[i].app, second->nodes[i].app);
  }
}

TEST(Layout, CountsPortsFromABaseInTheDocumentedOrder) {
  auto folder = TemporaryDirectory::make();
  ASSERT_TRUE(folder);
  auto plan = plan_network({.clients = 1, .port_base = 15'000}, folder->path());
  ASSERT_TRUE(plan);
  EXPECT_EQ(plan->directory.port, 15'000);
  EXPECT_EQ(plan->nodes[3].clients.port, 15'001);
  EXPECT_EQ(plan->nodes[4].clients.port, 15'002);
  EXPECT_EQ(plan->nodes[5].app.port, 15'003);
}

}  // namespace
}  // namespace nym::testnet
