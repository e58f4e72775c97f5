#include "sim/measure/expectations.h"

#include <gtest/gtest.h>

namespace nym::sim {
namespace {

Measurements with(std::initializer_list<std::pair<const char*, double>> figures) {
  Measurements measurements;
  for (const auto& [name, value] : figures) measurements.figures.push_back({Metric::latency, name, "", value});
  return measurements;
}

/// `kind: text` of each, a line.
std::string missed(const Plan& plan, const Measurements& measurements) {
  std::string all;
  for (const auto& one : check_expectations(plan, measurements, Duration::seconds(9))) {
    EXPECT_EQ(one.at, Duration::seconds(9));
    all += std::string(to_string(one.kind)) + ": " + one.text + "\n";
  }
  return all;
}

TEST(Expectations, OfNothingHold) {
  EXPECT_EQ(missed(Plan{}, Measurements{}), "");
}

TEST(Expectations, NameTheMeasuredLatencyAndTheDemandedOne) {
  Plan plan;
  plan.expect.latency_p95 = Duration::milliseconds(500);
  plan.expect.latency_p50 = Duration::seconds(5);
  auto measured = with({{"latency_p50", 0.2}, {"latency_p95", 1.25}});
  EXPECT_EQ(missed(plan, measured), "safety: the 95th percentile of latencies is 1.25 s, at most 500 ms is expected\n");
}

TEST(Expectations, OfLatenciesDoNotHoldWhereNothingWasDelivered) {
  Plan plan;
  plan.expect.latency_p99 = Duration::seconds(2);
  EXPECT_EQ(missed(plan, Measurements{}),
            "liveness: no message was delivered, the 99th percentile of latencies of at most 2 s is expected\n");
}

TEST(Expectations, OfCoverHoldWithinTheirTolerance) {
  Plan plan;
  plan.expect.cover_rate_within = Probability::of(0.1);
  EXPECT_EQ(missed(plan, with({{"main_stream_ratio", 1.09}, {"loop_cover_ratio", 0.91}})), "");
  EXPECT_EQ(missed(plan, with({{"main_stream_ratio", 1.2}, {"loop_cover_ratio", 0.8}})),
            "safety: the main stream is sent at 120% of its configured rate, 100% within 10% is expected\n"
            "liveness: loop cover is sent at 80% of its configured rate, 100% within 10% is expected\n");
  EXPECT_EQ(missed(plan, Measurements{}),
            "liveness: no client was ready to send cover, its configured rate within 10% is expected\n");
}

TEST(Expectations, OfOverheadAndLinkingAreAboutWhatMustNotBeExceeded) {
  Plan plan;
  plan.expect.max_overhead_thousandths = 20'000;
  plan.expect.max_linked = Probability::of(0.1);
  plan.expect.max_corrupt_routes = Probability::of(0.01);
  EXPECT_EQ(missed(plan, with({{"overhead", 20}, {"linked", 0.05}, {"corrupt_routes", 0.001}})), "");
  EXPECT_EQ(missed(plan, Measurements{}), "");
  EXPECT_EQ(missed(plan, with({{"overhead", 35.5}, {"linked", 0.5}, {"corrupt_routes", 0.027}})),
            "safety: the number of bytes sent for each byte delivered is 35.5, at most 20 is expected\n"
            "safety: the share of routes through corrupt mixnodes only is 2.7%, at most 1% is expected\n"
            "safety: the share of followed messages that are linked is 50%, at most 10% is expected\n");
}

TEST(Expectations, OfAnonymityMustBeReached) {
  Plan plan;
  plan.expect.min_entropy_thousandths = 2'500;
  plan.expect.min_anonymity_set_thousandths = 4'000;
  EXPECT_EQ(missed(plan, with({{"entropy_mean", 2.5}, {"anonymity_set_mean", 5.6}})), "");
  EXPECT_EQ(missed(plan, with({{"entropy_mean", 1.75}})),
            "liveness: the mean entropy in bits is 1.75, at least 2.5 is expected\n"
            "liveness: the mean anonymity set is unknown, at least 4 is expected\n");
}

TEST(Expectations, OfLostLoopsSayHowLongItTook) {
  Plan plan;
  plan.expect.loop_loss_noticed_within = Duration::seconds(30);
  EXPECT_EQ(missed(plan, with({{"loop_loss_noticed", 12}})), "");
  EXPECT_EQ(missed(plan, with({{"loop_loss_noticed", 45}})),
            "liveness: a node that drops packets was noticed by lost loops after 45 s, within 30 s is expected\n");
  EXPECT_EQ(missed(plan, Measurements{}),
            "liveness: lost loops told nobody of a node that drops packets, within 30 s is expected\n");
}

}  // namespace
}  // namespace nym::sim
