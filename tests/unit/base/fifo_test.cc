#include "engine/base/fifo.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <memory>

#include "sim/kernel/seeded_random.h"

namespace nym {
namespace {

TEST(Fifo, DoesWhatADequeDoes) {
  sim::SeededRandom random(1);
  Fifo<int> fifo;
  std::deque<int> deque;
  for (int i = 0; i < 10'000; ++i) {
    bool takes = draw_below(random, 100) < (i < 5'000 ? 45U : 55U);
    if (takes && !deque.empty()) {
      ASSERT_EQ(fifo.front(), deque.front());
      fifo.pop_front();
      deque.pop_front();
    } else {
      fifo.push_back(i);
      deque.push_back(i);
    }
    ASSERT_EQ(fifo.size(), deque.size());
    ASSERT_EQ(fifo.empty(), deque.empty());
  }
  EXPECT_TRUE(std::equal(fifo.begin(), fifo.end(), deque.begin(), deque.end()));
}

TEST(Fifo, GivesAwayWhatComesFirst) {
  Fifo<std::unique_ptr<int>> fifo;
  for (int i = 0; i < 100; ++i) fifo.emplace_back(std::make_unique<int>(i));
  for (int i = 0; i < 100; ++i) EXPECT_EQ(*fifo.take_front(), i);
  EXPECT_TRUE(fifo.empty());
}

TEST(Fifo, KeepsNothingOfWhatLeft) {
  auto held = std::make_shared<int>(1);
  Fifo<std::shared_ptr<int>> fifo;
  for (int i = 0; i < 5; ++i) fifo.push_back(held);
  fifo.pop_front();
  EXPECT_EQ(held.use_count(), 5);
}

}  // namespace
}  // namespace nym
