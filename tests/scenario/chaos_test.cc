#include <gtest/gtest.h>

#include "sim/network/simulation.h"
#include "tests/scenario/plans.h"

namespace nym::sim {
namespace {

/// Of the clock that starts at one second.
Duration at(std::int64_t ms) {
  return Duration::milliseconds(ms - 1'000);
}

Fault fault(Duration when, FaultAction action, std::optional<Duration> length = {}) {
  return {when, length, {}, std::move(action)};
}
NodeSet gateway(std::int64_t index) {
  return node(NodeKind::gateway, static_cast<std::size_t>(index));
}
NodeSet client(std::int64_t index) {
  return node(NodeKind::client, static_cast<std::size_t>(index));
}

/// Plain messages and anonymous ones with replies, one every `period`, for `count` periods.
Plan conversation(std::size_t count, Duration period) {
  Plan plan = *find_builtin_plan("hello");
  messages_of(plan).clear();
  plan.time_limit = Duration::minutes(2);
  for (std::size_t i = 0; i < count; ++i) {
    PlannedMessage message{at(3'000) + period * static_cast<std::int64_t>(i),
                           i % 2,
                           1 - i % 2,
                           "message " + std::to_string(i),
                           0,
                           std::nullopt};
    if (i % 3 == 0) {
      message.reply_surbs = 15;
      message.reply = "reply to " + std::to_string(i);
    }
    messages_of(plan).push_back(std::move(message));
  }
  return plan;
}

RunResult run(const Plan& plan, std::uint64_t seed = 1) {
  return run_plan(plan, {.seed = seed});
}

// Nothing lost, nothing twice, no SURB used twice, and the client finds its way back by itself.
void expect_unharmed(const Plan& plan, std::uint64_t seed = 1) {
  auto report = run(plan, seed);
  EXPECT_EQ(report.verdict(), Verdict::pass) << "seed " << seed << ": " << why(report);
  EXPECT_EQ(report.replays, 0U) << "seed " << seed;
}

TEST(Chaos, AGatewayThatIsKilledTwentyTimesLosesNoMessage) {
  Plan plan = conversation(120, Duration::milliseconds(500));
  for (std::int64_t i = 0; i < 20; ++i) {
    plan.faults.push_back(fault(at(4'000 + i * 2'900), Crash{gateway(i % 2)}, Duration::milliseconds(700 + 50 * i)));
  }
  for (std::uint64_t seed = 1; seed <= 2; ++seed) expect_unharmed(plan, seed);
}

TEST(Chaos, CutSessionsAreTakenUpAgain) {
  Plan plan = conversation(60, Duration::milliseconds(500));
  for (std::int64_t i = 0; i < 20; ++i) plan.faults.push_back(fault(at(4'000 + i * 1'300), CutSessions{gateway(0)}));
  expect_unharmed(plan);
}

// Half-open: both ends believe in the connection, nothing passes.
TEST(Chaos, ASilentGatewayIsNoticedAndItsPlaceTakenOver) {
  Plan plan = conversation(40, Duration::milliseconds(500));
  for (std::int64_t i = 0; i < 4; ++i) {
    plan.faults.push_back(fault(at(5'000 + i * 6'000), Silence{gateway(i % 2)}, Duration::seconds(3)));
  }
  expect_unharmed(plan);
}

TEST(Chaos, AMachineThatSleepsGoesOnAfterwards) {
  Plan plan = conversation(40, Duration::milliseconds(500));
  plan.faults = {fault(at(6'000), Suspend{client(0)}, Duration::seconds(20)),
                 fault(at(30'000), Suspend{client(1)}, Duration::seconds(40))};
  expect_unharmed(plan);
}

TEST(Chaos, AnApplicationThatComesAndGoesMissesNothing) {
  Plan plan = conversation(60, Duration::milliseconds(300));
  for (std::int64_t i = 0; i < 12; ++i) {
    plan.faults.push_back(fault(at(3'500 + i * 1'500), LeaveApp{client(i % 2)}, Duration::milliseconds(900)));
  }
  expect_unharmed(plan);
}

TEST(Chaos, MixnodesThatCrashDelayMessagesOnly) {
  Plan plan = conversation(60, Duration::milliseconds(300));
  for (std::size_t i = 0; i < 9; ++i) {
    plan.faults.push_back(fault(at(4'000 + static_cast<std::int64_t>(i) * 1'700), Crash{node(NodeKind::mixnode, i % 3)},
                                Duration::seconds(1)));
  }
  expect_unharmed(plan);
}

// Every message still has an outcome: those that could not be made durable fail, and the client lives on.
TEST(Chaos, AFullDiskFailsWhatDependsOnItAndNothingElse) {
  Plan plan = conversation(30, Duration::milliseconds(500));
  plan.faults = {fault(at(5'000), DiskFull{client(0)}, Duration::seconds(4))};
  plan.expect.delivered = {};
  plan.expect.acknowledged = {};
  auto result = run(plan);
  EXPECT_EQ(result.verdict(), Verdict::pass) << why(result);
  EXPECT_GT(result.failed, 0U);
  EXPECT_GT(result.delivered, 30U);
}

/// Kills a client at its n-th commit, just before or just after that is on its disk, and starts it again.
void run_with_kill(Simulation& simulation, std::size_t victim, std::size_t n, ClientHost::Commit moment) {
  bool killed = false;
  simulation.client(victim).on_commit = [&](std::size_t commit, ClientHost::Commit now) {
    if (killed || commit != n || now != moment) return;
    killed = true;
    auto host = simulation.client(victim).id();
    simulation.world().crash(host);
    simulation.world().schedule_action(simulation.world().now() + Duration::seconds(1),
                                       [&simulation, host] { simulation.world().restart(host); });
  };
  simulation.run();
  simulation.client(victim).on_commit = {};
  EXPECT_TRUE(killed) << "there is no commit " << n;
}

// With the journal what it sent arrives all the same and nothing comes twice; no SURB is used twice. What was on its
// way to it at that moment may be lost: its gateway had handed it over.
TEST(Chaos, AClientKilledAtAnyCommitLosesNothingThatItSent) {
  Plan plan = conversation(8, Duration::milliseconds(300));
  plan.clients[0].options.journal = client::Switch::on;
  plan.expect.delivered = {};
  plan.expect.acknowledged = {};
  for (auto moment : {ClientHost::Commit::asked, ClientHost::Commit::done}) {
    for (std::size_t victim = 0; victim < 2; ++victim) {
      for (std::size_t n = 1; n <= 14; ++n) {
        Simulation simulation(plan, {});
        run_with_kill(simulation, victim, n, moment);
        auto where = "commit " + std::to_string(n) + ", client " + std::to_string(victim);
        EXPECT_TRUE(simulation.violations().empty()) << where << ": " << simulation.violations().front().text;
        EXPECT_EQ(simulation.world().replays(), 0U) << where;
        for (std::uint32_t m = 0; m < simulation.book().size(); ++m) {
          MessageRef message{m};
          if (simulation.book().sender(message) != victim) continue;
          EXPECT_TRUE(simulation.book().is_delivered(message)) << where << ", message " << m;
        }
      }
    }
  }
}

}  // namespace
}  // namespace nym::sim
