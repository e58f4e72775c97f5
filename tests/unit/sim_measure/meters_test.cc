#include "sim/measure/meters.h"

#include <gtest/gtest.h>

#include <set>

#include "sim/measure/limits.h"
#include "tests/support/synthetic_run.h"

namespace nym::sim {
namespace {

TimePoint at(std::int64_t ms) {
  return kRunStart + Duration::milliseconds(ms);
}

Plan plan_for(Metric metric) {
  Plan plan;
  plan.clients = {{{}, 2}};
  plan.measure.metrics = {metric};
  plan.measure.warm_up = Duration::seconds(1);
  return plan;
}

/// What one metric's meter makes of what it is told.
class Told {
 public:
  explicit Told(const Plan& plan) : meters_(make_meters(plan)) {}
  Observer& observer() { return *meters_.front(); }
  Measurements end(TimePoint now) {
    meters_.front()->on_phase(now, Phase::over);
    Measurements measurements;
    meters_.front()->add_to(measurements);
    return measurements;
  }

 private:
  std::vector<std::unique_ptr<Meter>> meters_;
};

double value_of(const Measurements& measurements, std::string_view name) {
  const auto* figure = measurements.find_figure(name);
  EXPECT_NE(figure, nullptr) << name;
  return figure == nullptr ? -1 : figure->value;
}

const Series& series_of(const Measurements& measurements, std::string_view name) {
  static const Series kNone;
  for (const auto& one : measurements.series) {
    if (one.name == name) return one;
  }
  ADD_FAILURE() << "no series " << name;
  return kNone;
}

MessageMoved moved(std::uint32_t number, MessageStep step, MessageRef::Part part = MessageRef::Part::message) {
  return {{number, part}, step, 0, 1, 1'000};
}

TEST(Meters, AreThoseOfThePlanAndOfWhatItExpects) {
  Plan plan;
  plan.measure.metrics = {Metric::drops, Metric::latency, Metric::drops, Metric::entropy};
  plan.expect.cover_rate_within = Probability::of(0.1);
  EXPECT_EQ(measured_metrics(plan),
            (std::vector<Metric>{Metric::latency, Metric::drops, Metric::cover_rate, Metric::entropy}));
  EXPECT_EQ(make_meters(plan).size(), 3U) << "entropy is measured elsewhere";
}

TEST(LatencyMeter, MeasuresFromSubmissionToDeliveryOfMessagesAndReplies) {
  Told told(plan_for(Metric::latency));
  told.observer().on_message(at(2'000), moved(0, MessageStep::submitted));
  told.observer().on_message(at(2'100), moved(0, MessageStep::delivered));
  told.observer().on_message(at(2'200), moved(0, MessageStep::submitted, MessageRef::Part::reply));
  told.observer().on_message(at(2'500), moved(0, MessageStep::delivered, MessageRef::Part::reply));
  auto measured = told.end(at(5'000));
  EXPECT_EQ(value_of(measured, "latency_messages"), 2);
  EXPECT_NEAR(value_of(measured, "latency_p50"), 0.1, 0.001);
  EXPECT_NEAR(value_of(measured, "latency_p99"), 0.3, 0.003);
  EXPECT_NEAR(value_of(measured, "latency_max"), 0.3, 1e-9);
  ASSERT_EQ(measured.samples.size(), 1U);
  EXPECT_EQ(measured.samples[0].values.size(), 2U);
}

TEST(LatencyMeter, LeavesOutWhatWasSubmittedWhileWarmingUpAndDeliveredTwice) {
  Told told(plan_for(Metric::latency));
  told.observer().on_message(at(900), moved(0, MessageStep::submitted));
  told.observer().on_message(at(1'500), moved(0, MessageStep::delivered));
  told.observer().on_message(at(2'000), moved(1, MessageStep::submitted));
  told.observer().on_message(at(2'100), moved(1, MessageStep::delivered));
  told.observer().on_message(at(2'900), moved(1, MessageStep::delivered));
  auto measured = told.end(at(5'000));
  EXPECT_EQ(value_of(measured, "latency_messages"), 1);
  EXPECT_NEAR(value_of(measured, "latency_max"), 0.1, 1e-9);
}

TEST(LatencyMeter, SaysHowManyMessagesItHadNoRoomFor) {
  Told told(plan_for(Metric::latency));
  told.observer().on_message(at(2'000), moved(UINT32_MAX, MessageStep::submitted));
  told.observer().on_message(at(2'100), moved(UINT32_MAX, MessageStep::delivered));
  auto measured = told.end(at(5'000));
  EXPECT_EQ(value_of(measured, "latency_unmeasured"), 1);
  EXPECT_EQ(measured.find_figure("latency_p50"), nullptr);
}

TEST(GoodputMeter, DividesWhatArrivedByTheTimeThatWasMeasured) {
  Told told(plan_for(Metric::goodput));
  told.observer().on_message(at(500), moved(0, MessageStep::delivered));
  told.observer().on_message(at(1'500), moved(1, MessageStep::delivered));
  told.observer().on_message(at(3'500), moved(2, MessageStep::delivered));
  auto measured = told.end(at(5'000));
  EXPECT_EQ(value_of(measured, "delivered_bytes"), 2'000);
  EXPECT_EQ(value_of(measured, "goodput"), 500) << "2000 bytes in 4 seconds";
  EXPECT_EQ(value_of(measured, "goodput_messages"), 0.5);
  EXPECT_EQ(series_of(measured, "goodput").points.size(), 4U);
}

FrameSent sent(FrameKind kind, std::uint32_t bytes) {
  return {FrameId{1}, {NodeKind::client, 0}, {NodeKind::gateway, 0}, kind, bytes, at(9'000)};
}

TEST(OverheadMeter, ComparesTheBytesOfAllLinksWithThoseDelivered) {
  Told told(plan_for(Metric::overhead));
  told.observer().on_frame_sent(at(1'500), sent(FrameKind::upload, 6'000));
  told.observer().on_frame_sent(at(1'600), sent(FrameKind::packet, 3'000));
  told.observer().on_frame_sent(at(1'700), sent(FrameKind::control, 1'000));
  told.observer().on_message(at(2'000), moved(0, MessageStep::delivered));
  auto measured = told.end(at(5'000));
  EXPECT_EQ(value_of(measured, "overhead"), 10);
  EXPECT_EQ(value_of(measured, "link_bytes.upload"), 6'000);
  EXPECT_EQ(value_of(measured, "link_bytes.push"), 0);
}

TEST(OverheadMeter, HasNoFigureWhereNothingWasDelivered) {
  Told told(plan_for(Metric::overhead));
  told.observer().on_frame_sent(at(1'500), sent(FrameKind::upload, 6'000));
  EXPECT_EQ(told.end(at(5'000)).find_figure("overhead"), nullptr);
}

TEST(NodeLoadMeter, CountsThePacketsThatComeToEachNode) {
  Told told(plan_for(Metric::node_load));
  auto arrive = [&](std::int64_t ms, NodeName to, FrameKind kind) {
    told.observer().on_frame_arrived(at(ms), {FrameId{1}, {NodeKind::client, 0}, to, kind});
  };
  arrive(500, {NodeKind::mixnode, 1}, FrameKind::packet);
  arrive(1'500, {NodeKind::mixnode, 1}, FrameKind::packet);
  arrive(1'600, {NodeKind::mixnode, 1}, FrameKind::packet);
  arrive(2'500, {NodeKind::gateway, 0}, FrameKind::upload);
  arrive(2'600, {NodeKind::gateway, 0}, FrameKind::control);
  arrive(2'700, {NodeKind::client, 0}, FrameKind::push);
  arrive(2'800, {NodeKind::mixnode, 4'000'000'000}, FrameKind::packet);
  auto measured = told.end(at(4'000));
  EXPECT_EQ(value_of(measured, "load.mix2"), 2);
  EXPECT_EQ(value_of(measured, "load.mix1"), 0);
  EXPECT_EQ(value_of(measured, "load.gw1"), 1);
  const auto& points = series_of(measured, "load.mix2").points;
  ASSERT_EQ(points.size(), 3U);
  EXPECT_EQ(points[0].value, 2);
  EXPECT_EQ(points[0].at, Duration::seconds(1));
}

class OneView : public NetworkView {
 public:
  std::optional<std::size_t> held_packets(std::uint32_t mixnode) const override {
    if (mixnode == 2) return std::nullopt;
    return 10 + mixnode;
  }
  std::size_t inbox_messages(std::uint32_t gateway) const override { return gateway; }
  std::optional<client::Status> client_status(std::uint32_t client) const override {
    if (client == 1) return std::nullopt;
    client::Status status;
    status.queued.apps = 4;
    status.queued.retransmissions = 1;
    status.surbs = 30;
    status.reply_keys = 7;
    return status;
  }
};

TEST(QueueDepthMeter, LooksAtMixnodesInboxesAndClientsThatAreThere) {
  Told told(plan_for(Metric::queue_depth));
  told.observer().on_sample(at(500), OneView());
  told.observer().on_sample(at(1'500), OneView());
  auto measured = told.end(at(2'000));
  EXPECT_EQ(series_of(measured, "held.mix1").points.size(), 1U);
  EXPECT_EQ(value_of(measured, "held.mix2.max"), 11);
  EXPECT_EQ(measured.find_figure("held.mix3.max"), nullptr) << "it is down";
  EXPECT_EQ(value_of(measured, "inbox.gw2.mean"), 1);
  EXPECT_EQ(value_of(measured, "queued.c1.max"), 5);
  EXPECT_EQ(value_of(measured, "queued.clients.max"), 5);
  EXPECT_EQ(measured.find_figure("queued.c2.max"), nullptr);
}

TEST(SurbStockMeter, LooksAtStocksAndCountsWhatBecomesOfSurbs) {
  Told told(plan_for(Metric::surb_stock));
  told.observer().on_sample(at(1'500), OneView());
  told.observer().on_client_event(at(1'500), 0, client::SurbsCreated{20});
  told.observer().on_client_event(at(1'600), 1, client::SurbsReceived{20});
  told.observer().on_client_event(at(1'700), 1, client::SurbsUsed{3});
  told.observer().on_client_event(at(500), 1, client::SurbsUsed{3});
  auto measured = told.end(at(2'000));
  EXPECT_EQ(value_of(measured, "surbs_created"), 20);
  EXPECT_EQ(value_of(measured, "surbs_received"), 20);
  EXPECT_EQ(value_of(measured, "surbs_used"), 3);
  EXPECT_EQ(value_of(measured, "surbs.c1.max"), 30);
  EXPECT_EQ(value_of(measured, "reply_keys.clients.max"), 7);
}

TEST(DropsMeter, CountsByWhoDroppedAndWhy) {
  Told told(plan_for(Metric::drops));
  auto& observer = told.observer();
  observer.on_mixnode_event(at(2'000), 0, mixnode::PacketDropped{DropReason::replayed});
  observer.on_mixnode_event(at(2'100), 1, mixnode::PacketDropped{DropReason::replayed});
  observer.on_gateway_event(at(2'200), 0, gateway::Dropped{DropReason::inbox_full});
  observer.on_client_event(at(2'300), 0, client::Dropped{DropReason::unknown_ack});
  observer.on_client_event(at(2'300), 0, client::ReceptionGivenUp{5, 1'000});
  observer.on_frame_lost(at(2'400), {FrameId{1}, {}, {}, FrameKind::packet, LossReason::partition});
  observer.on_mixnode_event(at(500), 0, mixnode::PacketDropped{DropReason::replayed});
  auto measured = told.end(at(3'000));
  EXPECT_EQ(value_of(measured, "drops.mixnode.replayed"), 2);
  EXPECT_EQ(value_of(measured, "drops.gateway.inbox_full"), 1);
  EXPECT_EQ(value_of(measured, "drops.client.unknown_ack"), 1);
  EXPECT_EQ(value_of(measured, "drops.client.reception_given_up"), 5);
  EXPECT_EQ(value_of(measured, "drops.link.partition"), 1);
  EXPECT_EQ(value_of(measured, "drops"), 10);
}

/// A client that is ready from 1.0 to 3.0 s of 5 and sends on time.
Measurements cover_of(const Plan& plan, int main_packets, int loops) {
  Told told(plan);
  auto& observer = told.observer();
  observer.on_client_event(at(500), 0, client::GatewayStateChanged{client::GatewayState::ready, {}});
  for (int i = 0; i < main_packets; ++i) {
    auto kind = i % 4 == 0 ? client::PacketKind::real : client::PacketKind::main_cover;
    observer.on_client_event(at(1'000), 0, client::PacketSent{kind});
  }
  for (int i = 0; i < loops; ++i)
    observer.on_client_event(at(1'500), 0, client::PacketSent{client::PacketKind::loop_cover});
  observer.on_node_state(at(3'000), {NodeKind::client, 0}, NodeState::down);
  return told.end(at(5'000));
}

TEST(CoverRateMeter, ComparesTheStreamsWithTheirRatesWhileClientsAreReady) {
  auto measured = cover_of(plan_for(Metric::cover_rate), 100, 10);
  EXPECT_NEAR(value_of(measured, "main_stream_ratio"), 1, 1e-9) << "50 a second for 2 s";
  EXPECT_NEAR(value_of(measured, "loop_cover_ratio"), 1, 1e-9) << "5 a second for 2 s";
  EXPECT_NEAR(value_of(measured, "cover_share"), 85.0 / 110, 1e-9);
  EXPECT_EQ(value_of(measured, "sent.real"), 25);
  EXPECT_EQ(series_of(measured, "cover_share").points.size(), 1U);
}

TEST(CoverRateMeter, ExpectsNothingOfStreamsThatAreOff) {
  auto plan = plan_for(Metric::cover_rate);
  plan.clients[0].options.traffic.main_poisson_stream = client::Switch::off;
  auto measured = cover_of(plan, 7, 10);
  EXPECT_EQ(measured.find_figure("main_stream_ratio"), nullptr);
  EXPECT_NEAR(value_of(measured, "loop_cover_ratio"), 1, 1e-9);
}

TEST(ClientStatesMeter, DrawsATimelineWithoutGapsForEveryClientAndNode) {
  auto plan = plan_for(Metric::client_states);
  Told told(plan);
  auto& observer = told.observer();
  observer.on_client_event(at(100), 0, client::GatewayStateChanged{client::GatewayState::dialing, {}});
  observer.on_client_event(at(2'000), 0, client::GatewayStateChanged{client::GatewayState::ready, {}});
  observer.on_node_state(at(4'000), {NodeKind::client, 0}, NodeState::down);
  observer.on_node_state(at(4'000), {NodeKind::gateway, 1}, NodeState::paused);
  observer.on_fault(at(4'000), {0, FaultMoved::Step::began, "crash c1"});
  observer.on_phase(at(4'500), Phase::calm);
  auto measured = told.end(at(5'000));
  auto text = [&](std::string_view name) {
    std::string all;
    for (const auto& line : measured.timelines) {
      if (line.name != name) continue;
      for (const auto& span : line.spans) {
        all += std::to_string(span.from.whole_ms()) + "-" + std::to_string(span.to.whole_ms()) + " " + span.state + ";";
      }
    }
    return all;
  };
  EXPECT_EQ(text("c1"), "0-100 disconnected;100-2000 dialing;2000-4000 ready;4000-5000 down;");
  EXPECT_EQ(text("c2"), "0-5000 disconnected;");
  EXPECT_EQ(text("gw2"), "0-4000 up;4000-5000 paused;");
  EXPECT_EQ(text("mix3"), "0-5000 up;");
  EXPECT_EQ(text("crash c1"), "4000-5000 active;");
  EXPECT_EQ(text("phases"), "0-4500 work;4500-5000 calm;");
  EXPECT_NEAR(value_of(measured, "ready_share"), 2.0 / 8, 1e-9) << "2 of 4 s of one of two clients";
}

TEST(ClientStatesMeter, StopsFollowingAClientThatChangesWithoutEnd) {
  Told told(plan_for(Metric::client_states));
  for (int i = 0; i < 10'000; ++i) {
    auto state = i % 2 == 0 ? client::GatewayState::dialing : client::GatewayState::waiting;
    told.observer().on_client_event(at(i), 0, client::GatewayStateChanged{state, {}});
  }
  auto measured = told.end(at(20'000));
  const auto& line =
      measured.timelines.back().name == "c1" ? measured.timelines.back() : *(measured.timelines.end() - 2);
  EXPECT_EQ(line.spans.size(), kTimelineSpans);
  EXPECT_EQ(line.spans.back().state, "not followed");
  EXPECT_EQ(line.spans.back().to, Duration::seconds(20));
}

TEST(Meters, NamesOfFiguresAreUniqueAndSeriesAscend) {
  auto measured = test::synthetic_result(test::synthetic_plan()).measurements;
  std::set<std::string> names;
  for (const auto& figure : measured.figures) EXPECT_TRUE(names.insert(figure.name).second) << figure.name;
  EXPECT_GT(measured.series.size(), 20U);
  for (const auto& series : measured.series) {
    EXPECT_LE(series.points.size(), kSeriesPoints);
    for (std::size_t i = 1; i < series.points.size(); ++i) {
      EXPECT_LT(series.points[i - 1].at, series.points[i].at) << series.name;
    }
  }
}

// A network without end, a run without end: what meters keep is bounded.
TEST(Meters, GiveBoundedSeriesForManyNodesAndLongRuns) {
  Plan plan;
  plan.network.mixnodes = 3'000;
  plan.clients = {{{}, 100'000}};
  plan.measure.metrics = {Metric::node_load};
  Told told(plan);
  for (std::uint32_t i = 0; i < 3'000; ++i) {
    told.observer().on_frame_arrived(at(1'000 + i), {FrameId{1}, {}, {NodeKind::mixnode, i}, FrameKind::packet});
  }
  auto measured = told.end(at(std::int64_t{1'000} * 3'600 * 24));
  std::size_t points = 0;
  for (const auto& series : measured.series) points += series.points.size();
  EXPECT_LE(points, kMeterPoints);
}

}  // namespace
}  // namespace nym::sim
