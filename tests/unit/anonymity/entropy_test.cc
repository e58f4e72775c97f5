#include <gtest/gtest.h>

#include <cmath>
#include <queue>

#include "sim/anonymity/entropy_meter.h"
#include "sim/kernel/seeded_random.h"
#include "tests/support/fake_run.h"

namespace nym::sim {
namespace {

using test::client;
using test::FakeRun;
using test::gw;
using test::mix;
constexpr auto kCover = client::PacketKind::main_cover;

double figure(const Meter& meter, std::string_view name) {
  Measurements measurements;
  meter.add_to(measurements);
  const auto* found = measurements.find_figure(name);
  return found == nullptr ? -1 : found->value;
}

/// One message packet and the cover of the others into a mixnode.
std::vector<FrameId> enter_batch(FakeRun& run, std::uint32_t count, std::uint32_t mixnode = 0) {
  std::vector<FrameId> inside{run.enter(0, mixnode)};
  for (std::uint32_t i = 1; i < count; ++i) inside.push_back(run.enter(i, mixnode, kCover));
  return inside;
}

TEST(Entropy, OfABatchIsTheLogarithmOfItsSize) {
  EntropyMeter meter(test::small_plan(3, 8), {});
  FakeRun run(meter);
  auto inside = enter_batch(run, 8);
  for (std::uint32_t i = 0; i < 8; ++i) run.leave(inside[i], 0, 7 - i);
  EXPECT_NEAR(figure(meter, "entropy_mean"), 3, 1e-6);
  EXPECT_NEAR(figure(meter, "min_entropy_mean"), 3, 1e-6);
  EXPECT_NEAR(figure(meter, "packet_entropy_mean"), 3, 1e-6);
  EXPECT_NEAR(figure(meter, "anonymity_set_mean"), 8, 1e-5);
  EXPECT_EQ(figure(meter, "entropy_targets"), 1);
}

TEST(Entropy, IsOfClientsEvenIfTheyGetManyPackets) {
  EntropyMeter meter(test::small_plan(3, 8), {});
  FakeRun run(meter);
  auto inside = enter_batch(run, 8);
  for (std::uint32_t i = 0; i < 8; ++i) run.leave(inside[i], 0, i < 6 ? 1 : 2);
  double p = 0.75;
  EXPECT_NEAR(figure(meter, "entropy_mean"), -p * std::log2(p) - (1 - p) * std::log2(1 - p), 1e-6);
  EXPECT_NEAR(figure(meter, "min_entropy_mean"), -std::log2(p), 1e-6);
  EXPECT_NEAR(figure(meter, "packet_entropy_mean"), 3, 1e-6);
}

// Two mixnodes of two packets each, then two others that take one of each.
TEST(Entropy, GrowsFromLayerToLayer) {
  EntropyMeter meter(test::small_plan(6, 4), {});
  FakeRun run(meter);
  auto a = enter_batch(run, 2, 0);
  std::vector b{run.enter(2, 1, kCover), run.enter(3, 1, kCover)};
  std::vector c{run.hop(a[0], 0, 2), run.hop(b[0], 1, 2)};
  std::vector d{run.hop(a[1], 0, 3), run.hop(b[1], 1, 3)};
  run.leave(run.hop(c[0], 2, 4), 4, 0);
  run.leave(run.hop(c[1], 2, 4), 4, 1);
  run.leave(run.hop(d[0], 3, 5), 5, 2);
  run.leave(run.hop(d[1], 3, 5), 5, 3);
  EXPECT_NEAR(figure(meter, "entropy_mean"), 2, 1e-6);
}

TEST(Entropy, IsNoneWhereMixnodesShowEverything) {
  auto plan = test::small_plan(3, 8);
  plan.adversaries.push_back({{}, {}, {}, CorruptMixes{NodeSet::every(NodeKind::mixnode), {}}});
  SeededRandom random(1);
  EntropyMeter meter(plan, draw_corrupt_mixes(plan, random));
  FakeRun run(meter);
  auto inside = enter_batch(run, 8);
  for (std::uint32_t i = 0; i < 8; ++i) run.leave(inside[i], 0, i);
  EXPECT_NEAR(figure(meter, "entropy_mean"), 0, 1e-9);
}

TEST(Entropy, PacketsOfOtherSizesHideNothing) {
  EntropyMeter meter(test::small_plan(3, 4), {});
  FakeRun run(meter);
  auto inside = enter_batch(run, 2);
  auto ack = run.pass(gw(0), mix(0), FrameKind::packet, {}, FakeRun::kAck);
  run.pass(mix(0), gw(0), FrameKind::packet, ack, FakeRun::kAck);
  run.leave(inside[0], 0, 1);
  run.leave(inside[1], 0, 2);
  EXPECT_NEAR(figure(meter, "entropy_mean"), 1, 1e-6);
}

TEST(Entropy, WhatAMixnodeRefusesAndItsOwnLoopsDoNotCount) {
  EntropyMeter meter(test::small_plan(3, 4), {});
  FakeRun run(meter);
  auto inside = enter_batch(run, 3);
  run.leave(inside[0], 0, 0);
  run.enter(2, 0, kCover);
  meter.on_mixnode_event(run.now, 0, mixnode::PacketDropped{DropReason::replayed});
  run.pass(mix(1), mix(0), FrameKind::packet);
  meter.on_mixnode_event(run.now, 0, mixnode::LoopReturned{});
  run.pass(mix(0), mix(1), FrameKind::packet);
  run.leave(inside[1], 0, 1);
  run.leave(inside[2], 0, 2);
  EXPECT_NEAR(figure(meter, "entropy_mean"), std::log2(3.0), 1e-6);
}

TEST(Entropy, ACopyOnALinkTakesNothingAlong) {
  EntropyMeter meter(test::small_plan(3, 4), {});
  FakeRun run(meter);
  auto inside = enter_batch(run, 4);
  run.leave(inside[1], 0, 1);
  run.pass(mix(0), gw(0), FrameKind::packet, inside[1]);
  for (std::uint32_t i : {0U, 2U, 3U}) run.leave(inside[i], 0, i);
  EXPECT_NEAR(figure(meter, "entropy_mean"), 2, 1e-6);
}

TEST(Entropy, OfWhatIsLostIsNotCounted) {
  EntropyMeter meter(test::small_plan(3, 4), {});
  FakeRun run(meter);
  auto inside = enter_batch(run, 4);
  for (auto id : inside) run.lose(run.send(mix(0), gw(0), FrameKind::packet, id));
  EXPECT_EQ(figure(meter, "entropy_targets"), -1);
}

TEST(Entropy, FollowsNoMoreThanItsBoundAndGivesUpOldOnes) {
  EntropyMeter meter(test::small_plan(3, 4), {});
  FakeRun run(meter);
  std::vector<FrameId> inside;
  for (std::size_t i = 0; i < kTargets + 10; ++i) inside.push_back(run.enter(0, 0));
  run.now = run.now + kTargetGivenUpAfter;
  for (auto id : inside) run.leave(id, 0, 1);
  EXPECT_EQ(figure(meter, "entropy_targets"), static_cast<double>(kTargets));
}

/// Clients send at the times of a Poisson process through a chain of mixnodes with exponential delays; every twentieth
/// packet is a message.
class PoissonChain {
 public:
  PoissonChain(Meter& meter, std::uint32_t mixnodes, Duration between, Duration delay)
      : run_(meter), mixnodes_(mixnodes), between_(between), delay_(delay) {}

  void run_for(Duration time) {
    auto end = run_.now + time;
    TimePoint next_arrival = run_.now;
    for (int sent = 0; run_.now < end; run_.now = std::min(next_arrival, next_departure())) {
      if (next_departure() <= run_.now) {
        depart();
      } else if (next_arrival <= run_.now) {
        hold(run_.enter(0, 0, sent++ % 20 == 0 ? client::PacketKind::real : kCover), 0);
        next_arrival = run_.now + draw_exponential(random_, between_);
      }
    }
  }

 private:
  struct Held {
    TimePoint release;
    FrameId id;
    std::uint32_t mixnode = 0;
    bool operator>(const Held& other) const { return std::tie(release, id) > std::tie(other.release, other.id); }
  };
  TimePoint next_departure() const { return held_.empty() ? TimePoint::at(Duration::max()) : held_.top().release; }
  void hold(FrameId id, std::uint32_t mixnode) {
    held_.push({run_.now + draw_exponential(random_, delay_), id, mixnode});
  }
  void depart() {
    auto due = held_.top();
    held_.pop();
    if (due.mixnode + 1 < mixnodes_) return hold(run_.hop(due.id, due.mixnode, due.mixnode + 1), due.mixnode + 1);
    run_.leave(due.id, due.mixnode, 1);
  }

  FakeRun run_;
  std::uint32_t mixnodes_;
  Duration between_;
  Duration delay_;
  SeededRandom random_{4};
  std::priority_queue<Held, std::vector<Held>, std::greater<>> held_;
};

/// Of which packet out of a memoryless mix with always n inside a target is: the k-th with 1/n (1 - 1/n)^k.
double geometric_entropy(double n) {
  double bits = 0;
  double p = 1 / n;
  for (int k = 0; k < 10'000; ++k, p *= 1 - 1 / n) bits -= p > 0 ? p * std::log2(p) : 0;
  return bits;
}

// Danezis, "The Traffic Analysis of Continuous-Time Mixes": log2(e * rate * mean delay).
TEST(Entropy, OfAPoissonMixIsThePublishedOne) {
  constexpr double kOccupancy = 20;
  EXPECT_NEAR(geometric_entropy(kOccupancy), std::log2(std::exp(1.0) * kOccupancy), 0.05);
  EntropyMeter meter(test::small_plan(3, 2), {});
  PoissonChain(meter, 1, Duration::microseconds(2'500), Duration::milliseconds(50)).run_for(Duration::seconds(60));
  EXPECT_GT(figure(meter, "entropy_targets"), 1'000);
  EXPECT_NEAR(figure(meter, "packet_entropy_mean"), geometric_entropy(kOccupancy), 0.08);
}

// The differential entropy of the sum of three delays, an Erlang distribution, and the rate of what comes out:
// 3 + ln 2 - 2 psi(3), and log2 of the occupancy.
TEST(Entropy, OfThreePoissonMixesIsThatOfTheirDelaysTogether) {
  constexpr double kOccupancy = 20;
  constexpr double kPsi3 = 1.5 - 0.57721566490153286;
  double expected = (3 + std::log(2.0) - 2 * kPsi3) / std::log(2.0) + std::log2(kOccupancy);
  EntropyMeter meter(test::small_plan(3, 2), {});
  PoissonChain(meter, 3, Duration::microseconds(2'500), Duration::milliseconds(50)).run_for(Duration::seconds(60));
  EXPECT_NEAR(figure(meter, "packet_entropy_mean"), expected, 0.08);
}

TEST(Entropy, HasASeriesByTheTimeOfSendingAndKeepsToTheWarmUp) {
  auto plan = test::small_plan(3, 4);
  plan.measure.warm_up = Duration::seconds(2);
  EntropyMeter meter(plan, {});
  FakeRun run(meter);
  for (int second = 0; second < 4; ++second) {
    run.now = kRunStart + Duration::seconds(second);
    auto inside = enter_batch(run, 2);
    run.leave(inside[0], 0, 1);
    run.leave(inside[1], 0, 2);
  }
  Measurements measurements;
  meter.add_to(measurements);
  ASSERT_EQ(measurements.series.size(), 2U);
  ASSERT_EQ(measurements.series[0].points.size(), 2U);
  EXPECT_EQ(measurements.series[0].points[0].at, Duration::seconds(2));
  EXPECT_NEAR(measurements.series[1].points[1].value, 2, 1e-6);
}

}  // namespace
}  // namespace nym::sim
