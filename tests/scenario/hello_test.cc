#include <gtest/gtest.h>

#include "tests/scenario/plans.h"

namespace nym::sim {
namespace {

RunResult run(const Plan& plan, std::uint64_t seed = 1, Fidelity fidelity = Fidelity::model) {
  return run_plan(plan, {.fidelity = fidelity, .seed = seed});
}

RunResult run_hello(std::uint64_t seed, Fidelity fidelity) {
  return run(*find_builtin_plan("hello"), seed, fidelity);
}

TEST(Hello, IsDeliveredAndAnsweredForManySeeds) {
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    auto report = run_hello(seed, Fidelity::model);
    EXPECT_EQ(report.verdict(), Verdict::pass) << "seed " << seed << ": " << why(report);
  }
}

TEST(Hello, GivesTheSameFingerprintTwiceAndAnotherForAnotherSeed) {
  auto first = run_hello(1, Fidelity::real);
  EXPECT_EQ(first.fingerprint, run_hello(1, Fidelity::real).fingerprint);
  EXPECT_NE(first.fingerprint, run_hello(2, Fidelity::model).fingerprint);
}

TEST(Hello, HasTheSameEventsInRealAndModelFidelity) {
  for (std::uint64_t seed : {1U, 2U, 3U}) {
    auto real = run_hello(seed, Fidelity::real);
    auto model = run_hello(seed, Fidelity::model);
    EXPECT_EQ(real.fingerprint, model.fingerprint) << "seed " << seed;
    EXPECT_EQ(real.events, model.events) << "seed " << seed;
  }
}

TEST(Scenario, WithTooLittleTimeFailsAsLiveness) {
  Plan plan = *find_builtin_plan("hello");
  plan.time_limit = Duration::milliseconds(2'100);
  plan.calm_limit = Duration::milliseconds(1);
  auto report = run(plan);
  EXPECT_EQ(report.verdict(), Verdict::liveness);
  EXPECT_FALSE(report.violations.empty());
}

// More messages than slots, several fragments each, no reserve of SURBs at first: requests for more are part of it.
TEST(Scenario, RepliesWithoutEnoughSurbsAskForMore) {
  Plan plan = *find_builtin_plan("hello");
  messages_of(plan).clear();
  for (std::int64_t i = 0; i < 5; ++i) {
    messages_of(plan).push_back({Duration::milliseconds(2'000 + 200 * i), 0, 1, "question " + std::to_string(i), 5,
                                 std::string(8'000, static_cast<char>('a' + i))});
  }
  auto report = run(plan);
  EXPECT_EQ(report.verdict(), Verdict::pass) << why(report);
}

}  // namespace
}  // namespace nym::sim
