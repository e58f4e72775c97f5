#include <gtest/gtest.h>

#include "sim/plan/load.h"
#include "sim/run/run.h"

const std::string kPlan = R"toml(
faults = ["at 3s for 2s crash gw1"]
workload = [{ kind = "messages", arrivals = "poisson(5/s)", count = 20 }]
)toml";

TEST(MyMixnet, LosesNothingWhenAGatewayCrashes) {
  auto plan = nym::sim::parse_plan(kPlan, "my-mixnet.toml", nym::sim::Syntax::toml);
  ASSERT_TRUE(plan) << plan.error().text();
  auto result = nym::sim::run_plan(*plan, {.fidelity = nym::sim::Fidelity::model, .seed = 7});
  EXPECT_TRUE(result.violations.empty()) << result.violations.front().text;
  EXPECT_EQ(result.delivered, 20U);
}
