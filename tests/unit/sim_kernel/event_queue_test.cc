#include "sim/kernel/event_queue.h"

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string>

#include "sim/kernel/seeded_random.h"

namespace nym::sim {
namespace {

TimePoint at(std::int64_t ns) {
  return TimePoint::at(Duration::nanoseconds(ns));
}

TEST(EventQueue, GivesWhatIsDueFirstAndKeepsTheOrderOfEqualTimes) {
  EventQueue<std::string> queue;
  queue.push(at(5), "third");
  queue.push(at(1), "first");
  queue.push(at(5), "fourth");
  queue.push(at(2), "second");
  std::string order;
  while (!queue.empty()) order += queue.pop().event + " ";
  EXPECT_EQ(order, "first second third fourth ");
}

// Steps of all sizes, so that events lie near and far; equal times are frequent.
TEST(EventQueue, SortsLikeAStableSortWhilePushesAndPopsAlternate) {
  SeededRandom random(1);
  EventQueue<std::uint64_t> queue;
  std::multimap<std::int64_t, std::uint64_t> waiting;
  std::int64_t now = 0;
  for (std::uint64_t i = 0; i < 30'000; ++i) {
    auto bits = draw_below(random, 41);
    auto time = now + static_cast<std::int64_t>(draw_below(random, 4) << bits);
    queue.push(at(time), i);
    waiting.emplace(time, i);
    if (draw_below(random, i < 15'000 ? 3 : 2) == 0) continue;
    auto entry = queue.pop();
    ASSERT_EQ(entry.at, at(waiting.begin()->first));
    ASSERT_EQ(entry.event, waiting.begin()->second);
    now = waiting.begin()->first;
    waiting.erase(waiting.begin());
  }
  EXPECT_EQ(queue.size(), waiting.size());
  for (; !waiting.empty(); waiting.erase(waiting.begin())) ASSERT_EQ(queue.pop().event, waiting.begin()->second);
  EXPECT_TRUE(queue.empty());
}

TEST(EventQueue, KeepsWhatIsNotDueYetAndTakesWhatIsScheduledBefore) {
  EventQueue<int> queue;
  queue.push(at(1'000'000), 2);
  queue.push(at(1'000'300), 3);
  EXPECT_FALSE(queue.pop_until(at(999'999)));
  queue.push(at(999'999), 1);
  EXPECT_EQ(queue.pop_until(at(999'999))->event, 1);
  EXPECT_FALSE(queue.pop_until(at(999'999)));
  EXPECT_EQ(queue.pop_until(at(1'000'000))->event, 2);
  EXPECT_FALSE(queue.pop_until(at(1'000'299)));
  EXPECT_EQ(queue.pop_until(at(1'000'300))->event, 3);
}

TEST(EventQueue, LetsGoOfEventsThatWereTaken) {
  EventQueue<std::shared_ptr<int>> queue;
  auto event = std::make_shared<int>(1);
  queue.push(at(1), event);
  queue.pop();
  EXPECT_EQ(event.use_count(), 1);
}

}  // namespace
}  // namespace nym::sim
