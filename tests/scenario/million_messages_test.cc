#include <gtest/gtest.h>
#include <sys/resource.h>

#include "sim/plan/load.h"
#include "tests/scenario/plans.h"

namespace nym::sim {
namespace {

/// A hundred clients that keep their main streams busy, on links of which the mixnodes' lose one packet in a hundred. A
/// packet is sent 32 times at most.
constexpr const char* kMillion = R"toml(
time_limit = "15m"
[network]
mixnodes = 12
gateways = 4
clients = 100
[[link]]
path = "gw*->mix*"
loss = "1%"
[[link]]
path = "mix*->mix*"
loss = "1%"
[[link]]
path = "mix*->gw*"
loss = "1%"
[client]
max_tries = 32
[[workload]]
kind = "messages"
arrivals = "poisson(3500/s)"
sizes = "100B"
count = 1000000
[expect]
delivered = "100%"
acknowledged = "99.99%"
)toml";

// The book of messages finds what comes twice, changed, or to another; the verdict, what has no outcome.
TEST(SlowMillion, MessagesAreAllAcknowledgedOrReportedAndNoneComesTwice) {
  auto plan = parse_plan(kMillion, "million.toml", Syntax::toml);
  ASSERT_TRUE(plan) << plan.error().text();
  auto result = run_plan(*plan, {.fidelity = Fidelity::model, .seed = 1, .measuring = client::Switch::off});
  EXPECT_TRUE(result.violations.empty()) << why(result);
  EXPECT_EQ(result.acknowledged + result.failed, 1'000'000U);
  EXPECT_EQ(result.delivered, 1'000'000U);
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  std::printf("acknowledged=%llu failed=%llu packets=%llu simulated_s=%lld peak_kb=%ld\n",
              static_cast<unsigned long long>(result.acknowledged), static_cast<unsigned long long>(result.failed),
              static_cast<unsigned long long>(result.packets), static_cast<long long>(result.simulated.whole_seconds()),
              usage.ru_maxrss);
}

}  // namespace
}  // namespace nym::sim
