#include "sim/kernel/event_queue.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>

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
  EXPECT_EQ(queue.next_at(), at(1));
  std::string order;
  while (!queue.empty()) order += queue.pop().event + " ";
  EXPECT_EQ(order, "first second third fourth ");
}

TEST(EventQueue, SortsLikeAStableSortWhilePushesAndPopsAlternate) {
  SeededRandom random(1);
  EventQueue<std::uint64_t> queue;
  std::vector<std::pair<std::int64_t, std::uint64_t>> waiting;
  for (std::uint64_t i = 0; i < 5'000; ++i) {
    auto time = static_cast<std::int64_t>(draw_below(random, 50));
    queue.push(at(time), i);
    waiting.emplace_back(time, i);
    if (draw_below(random, 3) == 0) continue;
    auto least = std::min_element(waiting.begin(), waiting.end());
    auto entry = queue.pop();
    ASSERT_EQ(entry.at, at(least->first));
    ASSERT_EQ(entry.event, least->second);
    waiting.erase(least);
  }
  EXPECT_EQ(queue.size(), waiting.size());
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
