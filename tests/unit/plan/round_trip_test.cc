#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <set>

#include "sim/plan/generate.h"
#include "sim/plan/load.h"
#include "sim/plan/validate.h"

namespace nym::sim {
namespace {

/// What is printed parses, and is printed the same again; in both forms it is the same plan.
void expect_round_trip(const Plan& plan) {
  auto toml = print_plan(plan, Syntax::toml);
  auto json = print_plan(plan, Syntax::json);
  auto from_toml = parse_plan(toml, "p.toml", Syntax::toml);
  auto from_json = parse_plan(json, "p.json", Syntax::json);
  RC_ASSERT(from_toml.has_value());
  RC_ASSERT(from_json.has_value());
  RC_ASSERT(print_plan(*from_toml, Syntax::toml) == toml);
  RC_ASSERT(print_plan(*from_json, Syntax::toml) == toml);
  RC_ASSERT(print_plan(*from_toml, Syntax::json) == json);
  RC_ASSERT(from_toml->faults == plan.faults);
}

RC_GTEST_PROP(PlanRoundTrip, HoldsForEveryPlanThatCanBeDrawn, (std::uint64_t seed)) {
  for (auto profile : all_profiles()) expect_round_trip(generate_plan(profile, seed));
}

RC_GTEST_PROP(GeneratedPlan, HasNoProblem, (std::uint64_t seed)) {
  for (auto profile : all_profiles()) {
    auto problem = first_problem(generate_plan(profile, seed));
    if (problem) RC_FAIL(problem->path + ": " + problem->text);
  }
}

TEST(GeneratedPlan, IsTheSameForTheSameSeedAndAnotherForAnother) {
  auto print = [](std::uint64_t seed) { return print_plan(generate_plan(Profile::swarm, seed), Syntax::toml); };
  EXPECT_EQ(print(1), print(1));
  EXPECT_NE(print(1), print(2));
}

// Together the seeds reach every kind, and many plans lack most of them.
TEST(GeneratedPlan, HasARandomSubsetOfTheKindsOfFaults) {
  std::set<std::size_t> seen;
  std::size_t without = 0;
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    std::set<std::size_t> kinds;
    for (const auto& fault : generate_plan(Profile::swarm, seed).faults) kinds.insert(fault.action.index());
    EXPECT_LE(kinds.size(), 8U);
    without += kinds.empty() ? 1U : 0U;
    seen.insert(kinds.begin(), kinds.end());
  }
  EXPECT_EQ(seen.size(), std::variant_size_v<FaultAction> - 1) << "all but kill";
  EXPECT_GT(without, 10U);
}

TEST(GeneratedPlan, ProfilesHaveNames) {
  for (auto profile : all_profiles()) EXPECT_EQ(profile_from(to_string(profile)), profile);
  EXPECT_FALSE(profile_from("storm"));
}

}  // namespace
}  // namespace nym::sim
