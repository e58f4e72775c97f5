#include "net/runtime.h"

#include <gtest/gtest.h>

#include <csignal>
#include <thread>

#include "tests/net/loopback.h"

namespace nym::net::test {
namespace {

using RuntimeTest = LoopbackTest;

TEST(Clock, GoesForwardAndTheWallClockIsOfThisCentury) {
  auto before = now();
  EXPECT_LE(before, now());
  EXPECT_GT(wall_now().value, 1'600'000'000);
}

TEST_F(RuntimeTest, CallsPostedWorkInOrderAndNeverAtOnce) {
  std::string order;
  runtime.post([&] { order += 'a'; });
  runtime.post([&] { order += 'b'; });
  EXPECT_EQ(order, "");
  EXPECT_TRUE(happens([&] { return order == "ab"; }));
}

TEST_F(RuntimeTest, TakesWorkFromAnotherThread) {
  bool called = false;
  std::jthread other([&] { runtime.post([&] { called = true; }); });
  EXPECT_TRUE(happens([&] { return called; }));
}

TEST_F(RuntimeTest, RunsUntilItIsStopped) {
  runtime.post([&] { runtime.stop(); });
  runtime.run();
  bool again = false;
  runtime.post([&] {
    again = true;
    runtime.stop();
  });
  runtime.run();
  EXPECT_TRUE(again);
}

TEST_F(RuntimeTest, WaitingEndsAtTheDeadline) {
  auto deadline = now() + Duration::milliseconds(20);
  EXPECT_FALSE(runtime.run_until([] { return false; }, deadline));
  EXPECT_GE(now(), deadline);
}

TEST_F(RuntimeTest, TimersAreDueInOrderAndNotEarly) {
  std::string order;
  auto start = now();
  TimePoint late_at;
  Timer late(runtime, [&] {
    order += 'l';
    late_at = now();
  });
  Timer early(runtime, [&] { order += 'e'; });
  Timer past(runtime, [&] { order += 'p'; });
  late.arm(start + Duration::milliseconds(30));
  early.arm(start + Duration::milliseconds(10));
  past.arm(start - Duration::seconds(1));
  EXPECT_EQ(order, "");
  ASSERT_TRUE(happens([&] { return order.size() == 3; }));
  EXPECT_EQ(order, "pel");
  EXPECT_GE(late_at, start + Duration::milliseconds(30));
}

TEST_F(RuntimeTest, ArmingAgainReplacesAndCancellingDisarms) {
  int calls = 0;
  bool end = false;
  Timer replaced(runtime, [&] { ++calls; });
  Timer cancelled(runtime, [&] { calls += 100; });
  Timer last(runtime, [&] { end = true; });
  replaced.arm_after(Duration::hours(1));
  replaced.arm_after(Duration());
  cancelled.arm_after(Duration());
  cancelled.cancel();
  last.arm_after(Duration::milliseconds(20));
  ASSERT_TRUE(happens([&] { return end; }));
  EXPECT_EQ(calls, 1);
}

TEST_F(RuntimeTest, ADueTimerThatIsCancelledInTheSameTurnStaysSilent) {
  auto victim = std::make_unique<Timer>(runtime, [] { ADD_FAILURE() << "called after its end"; });
  Timer killer(runtime, [&] { victim.reset(); });
  auto due = now();
  killer.arm(due);
  victim->arm(due);
  ASSERT_TRUE(happens([&] { return victim == nullptr; }));
  settle();
}

TEST_F(RuntimeTest, ATimerMayBeArmedAndDestroyedInItsOwnCallback) {
  std::unique_ptr<Timer> timer;
  int calls = 0;
  timer = std::make_unique<Timer>(runtime, [&] {
    if (++calls < 3) {
      timer->arm_after(Duration());
    } else {
      timer.reset();
    }
  });
  timer->arm_after(Duration());
  ASSERT_TRUE(happens([&] { return timer == nullptr; }));
  EXPECT_EQ(calls, 3);
}

TEST_F(RuntimeTest, TheFirstSignalIsGracefulAndTheSecondImmediate) {
  std::string order;
  runtime.on_signals([&] { order += 'g'; }, [&] { order += 'i'; });
  std::raise(SIGTERM);
  ASSERT_TRUE(happens([&] { return order == "g"; }));
  std::raise(SIGINT);
  EXPECT_TRUE(happens([&] { return order == "gi"; }));
}

}  // namespace
}  // namespace nym::net::test
