#include <gtest/gtest.h>

#include <cmath>

#include "sim/anonymity/anonymity_meters.h"
#include "sim/anonymity/corrupt_routes_meter.h"
#include "sim/anonymity/loop_loss_meter.h"
#include "sim/anonymity/unlinkability_meter.h"
#include "sim/anonymity/unobservability_meter.h"
#include "sim/kernel/seeded_random.h"
#include "tests/support/fake_run.h"

namespace nym::sim {
namespace {

using test::client;
using test::FakeRun;
using test::gw;
using test::mix;
constexpr auto kCover = client::PacketKind::main_cover;

std::optional<double> figure(const Meter& meter, std::string_view name) {
  Measurements measurements;
  meter.add_to(measurements);
  const auto* found = measurements.find_figure(name);
  return found == nullptr ? std::nullopt : std::optional(found->value);
}

TEST(Unlinkability, OfSendersWhoAreMixedEvenlyIsPerfect) {
  UnlinkabilityMeter meter(test::small_plan(3, 4), {});
  FakeRun run(meter);
  for (int round = 0; round < 10; ++round) {
    std::vector inside{run.enter(0, 0), run.enter(1, 0), run.enter(2, 0, kCover)};
    for (std::uint32_t i = 0; i < 3; ++i) run.leave(inside[i], 0, i);
  }
  EXPECT_NEAR(*figure(meter, "unlinkability_epsilon"), 0, 1e-9);
  EXPECT_EQ(figure(meter, "unlinkability_delta"), 0);
  EXPECT_GE(*figure(meter, "unlinkability_packets"), 18);
}

TEST(Unlinkability, IsTheRatioOfTheMassesOfTheTwo) {
  UnlinkabilityMeter meter(test::small_plan(3, 4), {});
  FakeRun run(meter);
  auto first = run.enter(0, 0);
  auto second = run.enter(1, 1);  // both are known now
  run.leave(first, 0, 3);
  run.leave(second, 1, 3);
  std::vector inside{run.enter(0, 0), run.enter(0, 0), run.enter(0, 0), run.enter(1, 0)};
  for (auto id : inside) run.leave(id, 0, 3);
  EXPECT_NEAR(*figure(meter, "unlinkability_epsilon"), UnlinkabilityMeter::kMostEpsilon, 1e-9);
  UnlinkabilityMeter mixed(test::small_plan(3, 4), {});
  FakeRun again(mixed);
  std::vector all{again.enter(0, 0), again.enter(1, 0), again.enter(0, 0), again.enter(0, 0)};
  for (auto id : all) again.leave(id, 0, 3);
  EXPECT_NEAR(*figure(mixed, "unlinkability_epsilon"), std::log(3.0), 1e-9);
  EXPECT_EQ(figure(mixed, "unlinkability_delta"), 1);
}

/// A client uploads at the times of a Poisson process, and at others while it has a message.
class TwoShapes {
 public:
  TwoShapes(Meter& meter, Duration sending, Duration idle) : run_(meter), meter_(meter) {
    for (int round = 0; round < 40; ++round) {
      upload(idle, 100);
      move(MessageStep::submitted);
      upload(sending, 100);
      move(MessageStep::acknowledged);
    }
  }

 private:
  void upload(Duration mean, int count) {
    for (int i = 0; i < count; ++i) {
      run_.now = run_.now + draw_exponential(random_, mean);
      run_.send(client(0), gw(0), FrameKind::upload, {}, FakeRun::kData, kCover);
    }
  }
  void move(MessageStep step) { meter_.on_message(run_.now, {{1, {}}, step, 0, 1, 100}); }

  FakeRun run_;
  Meter& meter_;
  SeededRandom random_{9};
};

TEST(Unobservability, IsAtTheLevelOfNoiseWhenNothingShows) {
  UnobservabilityMeter meter(test::small_plan(3, 2));
  TwoShapes(meter, Duration::milliseconds(20), Duration::milliseconds(20));
  auto noise = *figure(meter, "unobservability_noise");
  EXPECT_GT(noise, 0);
  EXPECT_LT(*figure(meter, "unobservability_distance"), 1.5 * noise);
}

TEST(Unobservability, StandsOutWhenSendingIsQuicker) {
  UnobservabilityMeter meter(test::small_plan(3, 2));
  TwoShapes(meter, Duration::milliseconds(10), Duration::milliseconds(20));
  // The distance of two exponential distributions with means one and two is a quarter.
  EXPECT_NEAR(*figure(meter, "unobservability_distance"), 0.25, 0.06);
  EXPECT_GT(*figure(meter, "unobservability_distance"), 3 * *figure(meter, "unobservability_noise"));
}

TEST(Unobservability, NeedsBothToCompare) {
  UnobservabilityMeter meter(test::small_plan(3, 2));
  FakeRun run(meter);
  for (int i = 0; i < 10; ++i) run.enter(0, 0);
  EXPECT_FALSE(figure(meter, "unobservability_distance"));
}

Plan with_corrupt(Plan plan, const char* nodes) {
  plan.adversaries.push_back({{}, {}, {}, CorruptMixes{*parse_node_set(nodes), {}}});
  return plan;
}

double expected(const Plan& plan) {
  SeededRandom random(1);
  return expected_corrupt_routes(plan.network, draw_corrupt_mixes(plan, random));
}

TEST(CorruptRoutes, AreExpectedAsTheChoiceOfRoutesMakesThem) {
  auto plan = test::small_plan(9, 2);
  EXPECT_DOUBLE_EQ(expected(with_corrupt(plan, "mix1,mix4,mix7")), 1.0 / 27);
  EXPECT_DOUBLE_EQ(expected(with_corrupt(plan, "mix1,mix2,mix3")), 0);
  plan.network.topology = Topology::cascade;
  EXPECT_DOUBLE_EQ(expected(with_corrupt(plan, "mix1,mix4,mix7")), 1.0 / 3);
  EXPECT_DOUBLE_EQ(expected(with_corrupt(plan, "mix1,mix4,mix9")), 0);
  EXPECT_DOUBLE_EQ(expected(with_corrupt(plan, "mix4,mix7")), 0);
  plan.network.topology = Topology::free_route;
  EXPECT_DOUBLE_EQ(expected(with_corrupt(plan, "mix1,mix4,mix7")), 3.0 * 2 * 1 / (9 * 8 * 7));
}

TEST(CorruptRoutes, ComeToTheShareCubed) {
  auto plan = test::small_plan(30, 2);
  plan.adversaries.push_back({{}, {}, {}, CorruptMixes{{}, Probability::of(0.5)}});
  SeededRandom random(3);
  auto corrupt = draw_corrupt_mixes(plan, random);
  std::size_t count = 0;
  for (std::uint32_t i = 0; i < 30; ++i) count += corrupt.contains(i) ? 1U : 0U;
  EXPECT_EQ(count, 15U);
  CorruptRoutesMeter meter(plan, corrupt);
  FakeRun run(meter);
  constexpr int kRoutes = 8'000;
  for (int i = 0; i < kRoutes; ++i) {
    auto first = static_cast<std::uint32_t>(draw_below(random, 10));
    auto second = static_cast<std::uint32_t>(10 + draw_below(random, 10));
    auto third = static_cast<std::uint32_t>(20 + draw_below(random, 10));
    run.leave(run.hop(run.hop(run.enter(0, first, kCover), first, second), second, third), third, 1);
  }
  auto share = *figure(meter, "corrupt_routes");
  EXPECT_NEAR(share, *figure(meter, "corrupt_routes_expected"), 4 * std::sqrt(0.125 / kRoutes));
  EXPECT_NEAR(*figure(meter, "corrupt_share_cubed"), 0.125, 1e-9);
  EXPECT_NEAR(share, 0.125, 0.03);
}

TEST(CorruptRoutes, CountMixnodesOnlyWhileTheyAreCorrupt) {
  auto plan = test::small_plan(3, 2);
  plan.adversaries.push_back(
      {{}, Duration::seconds(5), Duration::seconds(5), CorruptMixes{*parse_node_set("mix*"), {}}});
  SeededRandom random(3);
  CorruptRoutesMeter meter(plan, draw_corrupt_mixes(plan, random));
  FakeRun run(meter);
  for (int second : {1, 6, 12}) {
    run.now = kRunStart + Duration::seconds(second);
    run.leave(run.enter(0, 0, kCover), 0, 1);
  }
  EXPECT_NEAR(*figure(meter, "corrupt_routes"), 1.0 / 3, 1e-9);
}

Plan attacked_at(Duration at) {
  auto plan = test::small_plan(3, 2);
  plan.adversaries.push_back({{}, at, {}, DroppingNodes{*parse_node_set("mix1"), Probability::of(0.1)}});
  return plan;
}

TEST(LoopLoss, IsTheShareOfLoopsThatAreLost) {
  LoopLossMeter meter(test::small_plan(3, 2));
  for (int i = 0; i < 20; ++i) {
    bool is_lost = i % 4 == 0;
    meter.on_mixnode_event(kRunStart, 0, is_lost ? mixnode::Event(mixnode::LoopLost{}) : mixnode::LoopReturned{});
  }
  EXPECT_EQ(figure(meter, "loop_loss"), 0.25);
  EXPECT_FALSE(figure(meter, "loop_loss_noticed")) << "nobody attacked";
}

TEST(LoopLoss, IsNoticedAtTheThirdLostLoopOfAnAttackWhereNoneWereLostBefore) {
  LoopLossMeter meter(attacked_at(Duration::seconds(10)));
  auto at = [](int seconds) { return kRunStart + Duration::seconds(seconds); };
  for (int i = 0; i < 10; ++i) meter.on_mixnode_event(at(i), 0, mixnode::LoopReturned{});
  for (int second : {15, 16, 18, 19}) meter.on_mixnode_event(at(second), 0, mixnode::LoopLost{});
  EXPECT_DOUBLE_EQ(*figure(meter, "loop_loss_noticed"), 8);
}

TEST(LoopLoss, WhatIsUsuallyLostIsNoNews) {
  LoopLossMeter meter(attacked_at(Duration::seconds(10)));
  auto tell = [&](int begin, int end, int every) {
    for (int i = begin; i < end; ++i) {
      mixnode::Event event = mixnode::LoopReturned{};
      if (i % every == 0) event = mixnode::LoopLost{};
      meter.on_mixnode_event(kRunStart + Duration::milliseconds(i * 10), 0, event);
    }
  };
  tell(0, 1'000, 10);
  tell(1'000, 2'000, 10);
  EXPECT_FALSE(figure(meter, "loop_loss_noticed"));
  tell(2'000, 3'000, 2);
  EXPECT_TRUE(figure(meter, "loop_loss_noticed"));
}

TEST(AnonymityMeters, AreThoseThatThePlanWants) {
  auto plan = test::small_plan(3, 2);
  SeededRandom random(1);
  EXPECT_TRUE(make_anonymity_meters(plan, random).empty());
  plan.measure.metrics = {Metric::anonymity_set, Metric::entropy};
  EXPECT_EQ(make_anonymity_meters(plan, random).size(), 1U);
  plan.measure.metrics = {Metric::entropy, Metric::unlinkability, Metric::unobservability, Metric::corrupt_routes,
                          Metric::loop_loss};
  EXPECT_EQ(make_anonymity_meters(plan, random).size(), 5U);
}

TEST(CorruptMixnodes, AreTheSameForAllWhoDrawThem) {
  auto plan = test::small_plan(60, 2);
  plan.adversaries.push_back({{}, {}, {}, CorruptMixes{{}, Probability::of(0.2)}});
  plan.adversaries.push_back({{}, {}, {}, CorruptMixes{{}, Probability::of(0.1)}});
  SeededRandom random(5);
  auto all = draw_corrupt_mixes(plan, random);
  draw_u64(random);
  auto first = draw_corrupt_mixes(plan, 0, random);
  auto second = draw_corrupt_mixes(plan, 1, random);
  std::size_t different = 0;
  for (std::uint32_t i = 0; i < 60; ++i) {
    EXPECT_EQ(all.contains(i), first.contains(i) || second.contains(i));
    different += first.contains(i) != second.contains(i) ? 1U : 0U;
  }
  EXPECT_GT(different, 6U);
}

}  // namespace
}  // namespace nym::sim
