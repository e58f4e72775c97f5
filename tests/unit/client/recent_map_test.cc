#include "engine/client/recent_map.h"

#include <gtest/gtest.h>

namespace nym::client {
namespace {

TEST(RecentMap, ForgetsWhatWasPutInLongestAgo) {
  RecentMap<int, char> map(2);
  map.put(1, 'a');
  map.put(2, 'b');
  map.put(1, 'c');
  map.put(3, 'd');
  EXPECT_EQ(map.size(), 2U);
  EXPECT_EQ(map.find(1), 'c');
  EXPECT_FALSE(map.find(2));
  EXPECT_EQ(map.find(3), 'd');
}

TEST(RecentMap, GivesWhatIsTakenOnce) {
  RecentMap<int, char> map(2);
  map.put(1, 'a');
  EXPECT_EQ(map.take(1), 'a');
  EXPECT_FALSE(map.take(1));
  map.put(2, 'b');
  map.put(3, 'c');
  EXPECT_EQ(map.find(2), 'b');
}

}  // namespace
}  // namespace nym::client
