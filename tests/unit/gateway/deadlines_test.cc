#include "engine/gateway/deadlines.h"

#include <gtest/gtest.h>

namespace nym::gateway {
namespace {

TimePoint at(std::int64_t seconds) {
  return TimePoint::at(Duration::seconds(seconds));
}
using Due = std::vector<ConnectionId>;

TEST(Deadlines, The_earliest_is_known_whatever_the_order_of_setting) {
  Deadlines deadlines;
  EXPECT_FALSE(deadlines.earliest());
  deadlines.set({1}, at(5));
  deadlines.set({2}, at(3));
  deadlines.set({3}, at(4));
  EXPECT_EQ(deadlines.earliest(), at(3));
  deadlines.clear({2});
  deadlines.clear({9});
  EXPECT_EQ(deadlines.earliest(), at(4));
}

TEST(Deadlines, A_connection_has_one_deadline_the_last_that_was_set) {
  Deadlines deadlines;
  deadlines.set({1}, at(5));
  deadlines.set({1}, at(7));
  EXPECT_EQ(deadlines.take_due(at(6)), Due{});
  EXPECT_EQ(deadlines.take_due(at(7)), Due{{1}});
  EXPECT_FALSE(deadlines.earliest());
}

TEST(Deadlines, What_is_due_together_comes_in_the_order_of_names_and_once) {
  Deadlines deadlines;
  deadlines.set({7}, at(1));
  deadlines.set({2}, at(3));
  deadlines.set({5}, at(2));
  deadlines.set({1}, at(4));
  EXPECT_EQ(deadlines.take_due(at(3)), (Due{{2}, {5}, {7}}));
  EXPECT_EQ(deadlines.take_due(at(3)), Due{});
  EXPECT_EQ(deadlines.earliest(), at(4));
}

}  // namespace
}  // namespace nym::gateway
