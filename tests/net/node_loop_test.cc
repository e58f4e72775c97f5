#include "net/drivers/node_loop.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "engine/base/outbox.h"
#include "tests/net/loopback.h"

namespace nym::net {
namespace {

/// Says what it was told, and is due so long after the last input.
class Echo {
 public:
  void handle_input(TimePoint now, int&& input) {
    outbox_.begin_mutation(now);
    outbox_.push(input);
    due_ = now + Duration::milliseconds(input);
  }
  void handle_timeout(TimePoint now) {
    outbox_.begin_mutation(now);
    outbox_.push(-1);
    due_.reset();
  }
  std::optional<int> poll_output() { return outbox_.poll(); }
  std::optional<TimePoint> poll_timeout() const {
    outbox_.check_drained();
    return due_;
  }

 private:
  Outbox<int> outbox_;
  std::optional<TimePoint> due_;
};

class NodeLoopTest : public test::LoopbackTest {
 protected:
  static constexpr int kPerformed = -2;
  Echo node;
  std::vector<int> seen;
  NodeLoop<Echo, int, int> loop{runtime, node, [this](int output) { seen.push_back(output); },
                                [this] { seen.push_back(kPerformed); }};
};

TEST_F(NodeLoopTest, TellsWhenAllOutputsOfOneInputWerePerformed) {
  loop.input(1'000);
  loop.input(2'000);
  EXPECT_EQ(seen, (std::vector<int>{1'000, kPerformed, 2'000, kPerformed}));
}

TEST_F(NodeLoopTest, MakesEachOfWhatCameTogetherAMutationOfItsOwn) {
  std::vector<int> together{1'000, 2'000, 1};
  loop.inputs(std::span<int>(together), [](int number) { return number + 1; });
  EXPECT_EQ(seen, (std::vector<int>{1'001, 2'001, 2, kPerformed}));
  EXPECT_TRUE(happens([this] { return seen.size() == 6; }));
  EXPECT_EQ(seen[4], -1);
}

TEST_F(NodeLoopTest, IsDueAgainAfterItWasDue) {
  for (int i = 0; i < 3; ++i) {
    seen.clear();
    loop.input(1);
    ASSERT_TRUE(happens([this] { return seen.size() == 4; }));
    EXPECT_EQ(seen[2], -1);
  }
}

TEST_F(NodeLoopTest, IsNotDueWhileItIsHeldAndDueAfterwards) {
  loop.input(1);
  loop.hold();
  std::vector<int> together{5, 1};
  loop.inputs(std::span<int>(together), [](int number) { return number; });
  EXPECT_EQ(seen, (std::vector<int>{1, kPerformed}));
  loop.go_on();
  ASSERT_TRUE(happens([this] { return std::ranges::count(seen, -1) == 1; }));
  EXPECT_EQ(seen[2], 5);
}

}  // namespace
}  // namespace nym::net
