#include <algorithm>
#include <map>
#include <string>

#include "sim/measure/kinds.h"
#include "sim/measure/limits.h"
#include "sim/measure/presence.h"
#include "sim/measure/timed_meter.h"
#include "sim/plan/nodes.h"

namespace nym::sim {
namespace {

constexpr const char* kNotFollowed = "not followed";

/// One timeline that grows.
class StateLine {
 public:
  StateLine(Timeline::Kind kind, std::string name, std::string state)
      : line_{kind, std::move(name), {{Duration(), Duration(), std::move(state)}}} {}

  void enter(Duration at, std::string_view state) {
    auto& last = line_.spans.back();
    if (last.state == state || last.state == kNotFollowed) return;
    if (last.from == at) {
      last.state = state;
      return;
    }
    last.to = at;
    bool is_full = line_.spans.size() + 1 >= kTimelineSpans;
    line_.spans.push_back({at, at, is_full ? kNotFollowed : std::string(state)});
  }
  Timeline until(Duration end) const {
    Timeline line = line_;
    line.spans.back().to = std::max(end, line.spans.back().from);
    return line;
  }

 private:
  Timeline line_;
};

/// The gateway session of every client, nodes that go and come, faults and phases. Shows the whole run, warming up too.
class ClientStatesMeter : public TimedMeter {
 public:
  explicit ClientStatesMeter(const Plan& plan)
      : TimedMeter(plan.measure),
        presence_(client_count(plan), plan.measure.warm_up),
        phases_(Timeline::Kind::run, "phases", to_string(Phase::work)) {
    auto add = [](auto& lines, Timeline::Kind kind, NodeKind node, std::size_t count, const char* state) {
      for (std::uint32_t i = 0; i < count; ++i) lines.emplace_back(kind, to_text(NodeName{node, i}), state);
    };
    add(mixnodes_, Timeline::Kind::mixnode, NodeKind::mixnode, plan.network.mixnodes, to_string(NodeState::up));
    add(gateways_, Timeline::Kind::gateway, NodeKind::gateway, plan.network.gateways, to_string(NodeState::up));
    auto followed = std::min<std::size_t>(client_count(plan), kFollowedClients);
    add(clients_, Timeline::Kind::client, NodeKind::client, followed, "disconnected");
  }

  void on_client_event(TimePoint now, std::uint32_t client, const client::Event& event) override {
    touch(now);
    presence_.on_event(now - kRunStart, client, event, when_ready());
    show(now - kRunStart, client);
  }
  void on_node_state(TimePoint now, NodeName node, NodeState state) override {
    touch(now);
    auto at = now - kRunStart;
    if (node.kind == NodeKind::client) {
      presence_.on_state(at, node.index, state, when_ready());
      show(at, node.index);
      return;
    }
    auto& lines = node.kind == NodeKind::mixnode ? mixnodes_ : gateways_;
    if (node.index < lines.size()) lines[node.index].enter(at, to_string(state));
  }
  void on_fault(TimePoint now, const FaultMoved& fault) override {
    touch(now);
    auto known = faults_.find(fault.fault);
    if (known == faults_.end()) {
      if (faults_.size() >= kTimelineSpans) return;
      known = faults_.emplace(fault.fault, Timeline{Timeline::Kind::fault, std::string(fault.text), {}}).first;
    }
    auto& spans = known->second.spans;
    bool is_open = !spans.empty() && spans.back().to == kOpen;
    bool begins = fault.step == FaultMoved::Step::began;
    if (begins && !is_open && spans.size() < kTimelineSpans) spans.push_back({now - kRunStart, kOpen, "active"});
    if (!begins && is_open) spans.back().to = now - kRunStart;
  }
  void on_phase(TimePoint now, Phase phase) override {
    touch(now);
    if (phase != Phase::over) phases_.enter(now - kRunStart, to_string(phase));
  }

  void add_to(Measurements& measurements) const override {
    auto& lines = measurements.timelines;
    lines.push_back(phases_.until(end()));
    for (const auto& [number, fault] : faults_) {
      lines.push_back(fault);
      if (!lines.back().spans.empty()) lines.back().spans.back().to = std::min(lines.back().spans.back().to, end());
    }
    for (const auto* group : {&mixnodes_, &gateways_, &clients_}) {
      for (const auto& line : *group) lines.push_back(line.until(end()));
    }
    double ready = ready_seconds_;
    presence_.finish(end(), [&](auto, auto from, auto to) { ready += in_seconds(to - from); });
    double all = measured_seconds() * static_cast<double>(presence_.clients().size());
    if (all > 0) measurements.figures.push_back({Metric::client_states, "ready_share", "", ready / all});
  }

 private:
  static constexpr Duration kOpen = Duration::max();

  Presence::OnReady when_ready() {
    return [this](auto, auto from, auto to) { ready_seconds_ += in_seconds(to - from); };
  }
  void show(Duration at, std::uint32_t client) {
    if (client >= clients_.size()) return;
    const auto& its = presence_.clients()[client];
    clients_[client].enter(at, its.node == NodeState::up ? client::to_string(its.gateway) : to_string(its.node));
  }

  Presence presence_;
  StateLine phases_;
  std::map<std::size_t, Timeline> faults_;  ///< by place in the plan
  std::vector<StateLine> mixnodes_;
  std::vector<StateLine> gateways_;
  std::vector<StateLine> clients_;
  double ready_seconds_ = 0;
};

}  // namespace

std::unique_ptr<Meter> make_client_states_meter(const Plan& plan) {
  return std::make_unique<ClientStatesMeter>(plan);
}

}  // namespace nym::sim
