#pragma once

#include <cmath>
#include <queue>
#include <span>

#include "sim/kernel/seeded_random.h"
#include "sim/measure/meters.h"
#include "sim/plan/load.h"
#include "sim/record/start.h"
#include "sim/run/run.h"

/// A made-up run: what a network might tell those who look on. For tests of what is measured, traced and shown, which
/// need no network for that.
namespace nym::sim::test {

inline Plan synthetic_plan() {
  auto plan = parse_plan(R"(
name = "synthetic"
description = "numbers that nobody sent, </script><b>&amp; names that look like markup"
time_limit = "60s"
faults = ["at 20s for 6s crash gw1", "at 40s for 3s mix1->mix3 loss 20%"]
[network]
mixnodes_per_layer = 2
gateways = 2
[[clients]]
name = "phones"
count = 5
[[clients]]
name = "servers"
count = 3
[measure]
metrics = ["latency", "goodput", "overhead", "node-load", "queue-depth", "drops", "surb-stock", "cover-rate",
  "client-states", "entropy", "anonymity-set", "unobservability"]
warm_up = "2s"
)",
                         "synthetic.toml", Syntax::toml);
  return plan ? *plan : Plan{};
}

/// Numbers that move a little.
class SyntheticView : public NetworkView {
 public:
  explicit SyntheticView(double second) : second_(second) {}
  std::optional<std::size_t> held_packets(std::uint32_t mixnode) const override {
    return static_cast<std::size_t>(20 + mixnode * 3 + 8 * std::sin(second_ / 3 + mixnode));
  }
  std::size_t inbox_messages(std::uint32_t gateway) const override {
    bool is_down = second_ > 20 && second_ < 26;
    return gateway == 0 && is_down ? static_cast<std::size_t>(4 * (second_ - 20)) : 0;
  }
  std::optional<client::Status> client_status(std::uint32_t client) const override {
    client::Status status;
    status.queued.apps = static_cast<std::size_t>(5 + 4 * std::cos(second_ / 5 + client));
    status.surbs = static_cast<std::size_t>(40 + 10 * std::sin(second_ / 7 + client));
    status.reply_keys = 100 + client;
    return status;
  }

 private:
  double second_;
};

class SyntheticRun {
 public:
  explicit SyntheticRun(std::vector<Observer*> observers) : observers_(std::move(observers)), random_(7) {}

  void tell() {
    tell_all([](Observer& one, TimePoint now) { one.on_phase(now, Phase::work); });
    for (int ms = 0; ms < 60'000; ms += 10) {
      now_ = kRunStart + Duration::milliseconds(ms);
      tell_clients(ms);
      tell_faults(ms);
      tell_packets();
      if (ms % 130 == 0 && ms > 1'000) send_message();
      deliver_due();
      if (ms % 100 == 0) tell_sample(ms);
    }
    now_ = kRunStart + Duration::seconds(60);
    tell_all([](Observer& one, TimePoint now) { one.on_phase(now, Phase::calm); });
    now_ = now_ + Duration::seconds(2);
    tell_all([](Observer& one, TimePoint now) { one.on_phase(now, Phase::over); });
  }

 private:
  static constexpr std::uint32_t kClients = 8;

  struct Delivery {
    TimePoint at;
    MessageMoved moved;
    friend bool operator>(const Delivery& a, const Delivery& b) { return a.at > b.at; }
  };

  template <class Tell>
  void tell_all(Tell tell) {
    for (auto* one : observers_) tell(*one, now_);
  }
  void client_event(std::uint32_t client, const client::Event& event) {
    tell_all([&](Observer& one, TimePoint now) { one.on_client_event(now, client, event); });
  }
  void node_state(NodeName node, NodeState state) {
    tell_all([&](Observer& one, TimePoint now) { one.on_node_state(now, node, state); });
  }
  void tell_clients(int ms) {
    using client::GatewayState;
    auto enter = [&](std::uint32_t first, GatewayState state) {
      for (auto i = first; i < kClients; i += 2) client_event(i, client::GatewayStateChanged{state, "told so"});
    };
    if (ms == 100) enter(0, GatewayState::dialing), enter(1, GatewayState::dialing);
    if (ms == 300) enter(0, GatewayState::authenticating), enter(1, GatewayState::authenticating);
    if (ms == 500) enter(0, GatewayState::ready), enter(1, GatewayState::ready);
    if (ms == 20'000) enter(0, GatewayState::waiting);
    if (ms == 24'000) enter(0, GatewayState::dialing);
    if (ms == 26'200) enter(0, GatewayState::ready);
    if (ms == 45'000) node_state({NodeKind::client, 7}, NodeState::down);
    if (ms == 50'000) node_state({NodeKind::client, 7}, NodeState::up), enter(7, GatewayState::ready);
  }
  void tell_faults(int ms) {
    auto fault = [&](std::size_t number, FaultMoved::Step step, std::string_view text) {
      tell_all([&](Observer& one, TimePoint now) { one.on_fault(now, {number, step, text}); });
    };
    if (ms == 20'000) fault(0, FaultMoved::Step::began, "at 20s for 6s crash gw1");
    if (ms == 20'000) node_state({NodeKind::gateway, 0}, NodeState::down);
    if (ms == 26'000) node_state({NodeKind::gateway, 0}, NodeState::up);
    if (ms == 26'000) fault(0, FaultMoved::Step::ended, "at 20s for 6s crash gw1");
    if (ms == 40'000) fault(1, FaultMoved::Step::began, "at 40s for 3s mix1->mix3 loss 20%");
    if (ms == 43'000) fault(1, FaultMoved::Step::ended, "at 40s for 3s mix1->mix3 loss 20%");
  }
  /// One packet of a client through all layers.
  void tell_packets() {
    auto client = static_cast<std::uint32_t>(draw_below(random_, kClients));
    auto kind = static_cast<client::PacketKind>(draw_below(random_, 4));
    client_event(client, client::PacketSent{kind});
    std::vector<NodeName> route = {{NodeKind::client, client}, {NodeKind::gateway, client % 2}};
    for (std::uint32_t layer = 0; layer < 3; ++layer) {
      route.push_back({NodeKind::mixnode, layer * 2 + static_cast<std::uint32_t>(draw_below(random_, 2))});
    }
    route.push_back({NodeKind::gateway, static_cast<std::uint32_t>(draw_below(random_, 2))});
    for (std::size_t i = 0; i + 1 < route.size(); ++i) {
      if (!carry(route[i], route[i + 1], i == 0 ? FrameKind::upload : FrameKind::packet, kind)) return;
    }
  }
  bool carry(NodeName from, NodeName to, FrameKind kind, client::PacketKind content) {
    Blob bytes = Blob::with_zero_tail(Bytes(400, 0x5a), 2413);
    FrameSent sent{FrameId{++frames_}, from, to, kind, 2415, now_ + Duration::milliseconds(3)};
    if (kind == FrameKind::upload) sent.content = content;
    sent.bytes_on_link = &bytes;
    tell_all([&](Observer& one, TimePoint now) { one.on_frame_sent(now, sent); });
    if (draw_below(random_, 50) == 0) {
      FrameLost lost{sent.id, from, to, kind, LossReason::loss};
      tell_all([&](Observer& one, TimePoint now) { one.on_frame_lost(now, lost); });
      return false;
    }
    FrameArrived arrived{sent.id, from, to, kind};
    tell_all([&](Observer& one, TimePoint now) { one.on_frame_arrived(now, arrived); });
    if (to.kind == NodeKind::mixnode && draw_below(random_, 80) == 0) {
      mixnode::Event dropped = mixnode::PacketDropped{DropReason::replayed};
      tell_all([&](Observer& one, TimePoint now) { one.on_mixnode_event(now, to.index, dropped); });
    }
    return true;
  }
  void send_message() {
    MessageMoved moved{{messages_++, MessageRef::Part::message}, MessageStep::submitted};
    moved.from = static_cast<std::uint32_t>(draw_below(random_, kClients));
    moved.to = (moved.from + 1) % kClients;
    moved.bytes = 500 + draw_below(random_, 1'500);
    tell_all([&](Observer& one, TimePoint now) { one.on_message(now, moved); });
    moved.step = MessageStep::delivered;
    auto wait = Duration::milliseconds(150) + draw_exponential(random_, Duration::milliseconds(120));
    due_.push({now_ + wait, moved});
  }
  void deliver_due() {
    while (!due_.empty() && due_.top().at <= now_) {
      auto moved = due_.top().moved;
      due_.pop();
      tell_all([&](Observer& one, TimePoint now) { one.on_message(now, moved); });
      moved.step = MessageStep::acknowledged;
      tell_all([&](Observer& one, TimePoint now) { one.on_message(now, moved); });
    }
  }
  void tell_sample(int ms) {
    SyntheticView view(ms / 1000.0);
    tell_all([&](Observer& one, TimePoint now) { one.on_sample(now, view); });
  }

  std::vector<Observer*> observers_;
  SeededRandom random_;
  TimePoint now_ = kRunStart;
  std::uint64_t frames_ = 0;
  std::uint32_t messages_ = 0;
  std::priority_queue<Delivery, std::vector<Delivery>, std::greater<>> due_;
};

inline void add_synthetic_anonymity(Measurements& measurements) {
  Series entropy{Metric::entropy, "entropy", "bits", {}};
  Series set{Metric::anonymity_set, "anonymity_set", "", {}};
  Series shape{Metric::unobservability, "distance", "", {}};
  for (int second = 2; second < 60; ++second) {
    double bits = 2.4 + 0.4 * std::sin(second / 6.0);
    auto at = Duration::seconds(second);
    entropy.points.push_back({at, bits});
    set.points.push_back({at, std::exp2(bits)});
    shape.points.push_back({at, 0.02 + 0.01 * std::cos(second / 4.0)});
  }
  measurements.series.insert(measurements.series.end(), {entropy, set, shape});
  measurements.figures.push_back({Metric::entropy, "entropy", "bits", 2.0});
}

/// All of it, measured.
inline RunResult synthetic_result(const Plan& plan) {
  auto meters = make_meters(plan);
  std::vector<Observer*> observers;
  for (const auto& meter : meters) observers.push_back(meter.get());
  SyntheticRun(observers).tell();
  RunResult result;
  for (const auto& meter : meters) meter->add_to(result.measurements);
  add_synthetic_anonymity(result.measurements);
  result.violations.push_back(
      {Verdict::liveness, Duration::seconds(61), "message 12 from c3 to c4 was never delivered"});
  result.events = 123'456;
  result.packets = 29'000;
  result.delivered = 440;
  result.acknowledged = 441;
  result.failed = 1;
  result.simulated = Duration::seconds(62);
  result.fingerprint = "0123456789abcdef";
  return result;
}

}  // namespace nym::sim::test
