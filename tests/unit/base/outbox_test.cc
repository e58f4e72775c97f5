#include "engine/base/outbox.h"

#include <gtest/gtest.h>

#include <string>
#include <variant>

namespace nym {
namespace {

using Outputs = Outbox<std::variant<int, std::string>>;

TimePoint at(std::int64_t ns) {
  return TimePoint::at(Duration::nanoseconds(ns));
}

TEST(Outbox, Gives_outputs_back_in_order) {
  Outputs outbox;
  outbox.begin_mutation(at(1));
  outbox.push(5);
  outbox.push(std::string("six"));
  EXPECT_EQ(std::get<int>(outbox.poll().value()), 5);
  EXPECT_EQ(std::get<std::string>(outbox.poll().value()), "six");
  EXPECT_FALSE(outbox.poll().has_value());
  outbox.check_drained();
}

TEST(Outbox, A_mutation_before_the_outputs_are_drained_ends_the_program) {
  Outputs outbox;
  outbox.begin_mutation(at(1));
  outbox.push(5);
  EXPECT_DEATH(outbox.begin_mutation(at(2)), "broken invariant");
  EXPECT_DEATH(outbox.check_drained(), "broken invariant");
  outbox.poll();
  outbox.begin_mutation(at(2));
}

TEST(Outbox, Time_that_goes_backwards_is_clamped_and_counted) {
  Outputs outbox;
  EXPECT_EQ(outbox.begin_mutation(at(10)), at(10));
  EXPECT_EQ(outbox.begin_mutation(at(10)), at(10));
  EXPECT_EQ(outbox.clock_went_back(), 0U);
  EXPECT_EQ(outbox.begin_mutation(at(7)), at(10));
  EXPECT_EQ(outbox.now(), at(10));
  EXPECT_EQ(outbox.clock_went_back(), 1U);
  EXPECT_EQ(outbox.begin_mutation(at(11)), at(11));
  EXPECT_EQ(outbox.clock_went_back(), 1U);
}

}  // namespace
}  // namespace nym
