#include <string>
#include <vector>

#include "sim/measure/kinds.h"
#include "sim/measure/limits.h"
#include "sim/measure/presence.h"
#include "sim/measure/series.h"
#include "sim/measure/timed_meter.h"
#include "sim/plan/nodes.h"

namespace nym::sim {
namespace {

std::size_t place_of(client::PacketKind kind) {
  return static_cast<std::size_t>(kind);
}

/// What clients send, by kind, and whether the streams keep the rates that the plan configures for the time in which
/// clients are ready. The main stream sends real packets in the place of cover, so that all of its packets count.
class CoverRateMeter : public TimedMeter {
 public:
  explicit CoverRateMeter(const Plan& plan)
      : TimedMeter(plan.measure),
        plan_(plan),
        presence_(client_count(plan), plan.measure.warm_up),
        cover_(warm_up(), plan.measure.window, kSeriesPoints),
        all_(cover_),
        none_(cover_) {
    for (std::uint32_t i = 0; i < client_count(plan); ++i) {
      const auto& traffic = group_of(plan, i).options.traffic;
      has_main_.push_back(traffic.main_poisson_stream == client::Switch::on);
    }
  }

  void on_client_event(TimePoint now, std::uint32_t client, const client::Event& event) override {
    auto at = touch(now);
    presence_.on_event(now - kRunStart, client, event, when_ready());
    const auto* packet = std::get_if<client::PacketSent>(&event);
    if (!at || packet == nullptr) return;
    windows_of(packet->kind).add(*at);
    all_.add(*at);
    using client::PacketKind;
    bool has_message = packet->kind == PacketKind::real || packet->kind == PacketKind::retransmission;
    if (!has_message) cover_.add(*at);
    bool is_main = has_message || packet->kind == PacketKind::main_cover;
    if (is_main && client < has_main_.size() && has_main_[client]) main_sent_ += 1;
  }
  void on_node_state(TimePoint now, NodeName node, NodeState state) override {
    touch(now);
    if (node.kind == NodeKind::client) presence_.on_state(now - kRunStart, node.index, state, when_ready());
  }

  void add_to(Measurements& measurements) const override {
    auto expected = expected_;
    presence_.finish(end(), [&](auto client, auto from, auto to) { expect(expected, client, to - from); });
    auto& figures = measurements.figures;
    auto loop = place_of(client::PacketKind::loop_cover);
    double loops = loop < sent_.size() ? sent_[loop].total() : 0;
    if (expected.main > 0) figures.push_back({Metric::cover_rate, "main_stream_ratio", "", main_sent_ / expected.main});
    if (expected.loops > 0) figures.push_back({Metric::cover_rate, "loop_cover_ratio", "", loops / expected.loops});
    add_shares(measurements);
  }

 private:
  /// Packets of the streams, were their rates exact.
  struct Expected {
    double main = 0;
    double loops = 0;
  };

  Presence::OnReady when_ready() {
    return [this](auto client, auto from, auto to) { expect(expected_, client, to - from); };
  }
  void expect(Expected& expected, std::uint32_t client, Duration ready) const {
    const auto& traffic = group_of(plan_, client).options.traffic;
    if (traffic.main_poisson_stream == client::Switch::on) {
      expected.main += in_seconds(ready) / in_seconds(traffic.message_sending_average_delay);
    }
    if (traffic.loop_cover_stream == client::Switch::on) {
      expected.loops += in_seconds(ready) / in_seconds(traffic.loop_cover_average_delay);
    }
  }
  WindowSums& windows_of(client::PacketKind kind) {
    if (place_of(kind) >= sent_.size()) sent_.resize(place_of(kind) + 1, none_);
    return sent_[place_of(kind)];
  }
  void add_shares(Measurements& measurements) const {
    for (std::size_t i = 0; i < sent_.size(); ++i) {
      auto name = "sent." + std::string(client::to_string(static_cast<client::PacketKind>(i)));
      measurements.figures.push_back({Metric::cover_rate, name, "", sent_[i].total()});
      if (measured_seconds() > 0) {
        measurements.series.push_back({Metric::cover_rate, name, "1/s", sent_[i].rates(end())});
      }
    }
    if (all_.total() <= 0) return;
    measurements.figures.push_back({Metric::cover_rate, "cover_share", "", cover_.total() / all_.total()});
    measurements.series.push_back({Metric::cover_rate, "cover_share", "", ratio_of(cover_, all_, end())});
  }

  const Plan& plan_;
  Presence presence_;
  std::vector<WindowSums> sent_;  ///< by client::PacketKind, of all clients; those that were seen
  WindowSums cover_;
  WindowSums all_;
  WindowSums none_;             ///< what each kind begins with
  std::vector<bool> has_main_;  ///< by client
  double main_sent_ = 0;
  Expected expected_;
};

}  // namespace

std::unique_ptr<Meter> make_cover_rate_meter(const Plan& plan) {
  return std::make_unique<CoverRateMeter>(plan);
}

}  // namespace nym::sim
