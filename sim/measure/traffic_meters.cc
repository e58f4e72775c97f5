#include <array>
#include <string>

#include "sim/measure/kinds.h"
#include "sim/measure/limits.h"
#include "sim/measure/series.h"
#include "sim/measure/timed_meter.h"

namespace nym::sim {
namespace {

constexpr std::size_t kFrameKinds = 4;

class GoodputMeter : public TimedMeter {
 public:
  explicit GoodputMeter(const Plan& plan)
      : TimedMeter(plan.measure), bytes_(warm_up(), plan.measure.window, kSeriesPoints) {}

  void on_message(TimePoint now, const MessageMoved& moved) override {
    auto at = touch(now);
    if (!at || moved.step != MessageStep::delivered) return;
    bytes_.add(*at, static_cast<double>(moved.bytes));
    ++messages_;
  }

  void add_to(Measurements& measurements) const override {
    auto& figures = measurements.figures;
    figures.push_back({Metric::goodput, "delivered_bytes", "B", bytes_.total()});
    if (measured_seconds() <= 0) return;
    figures.push_back({Metric::goodput, "goodput", "B/s", bytes_.total() / measured_seconds()});
    figures.push_back(
        {Metric::goodput, "goodput_messages", "1/s", static_cast<double>(messages_) / measured_seconds()});
    measurements.series.push_back({Metric::goodput, "goodput", "B/s", bytes_.rates(end())});
  }

 private:
  WindowSums bytes_;
  std::uint64_t messages_ = 0;
};

/// What all links carry for each byte that reaches an application.
class OverheadMeter : public TimedMeter {
 public:
  explicit OverheadMeter(const Plan& plan) : TimedMeter(plan.measure) {
    sent_.fill(WindowSums(warm_up(), plan.measure.window, kSeriesPoints));
  }

  void on_frame_sent(TimePoint now, const FrameSent& frame) override {
    if (auto at = touch(now)) sent_.at(static_cast<std::size_t>(frame.kind)).add(*at, frame.bytes);
  }
  void on_message(TimePoint now, const MessageMoved& moved) override {
    auto at = touch(now);
    if (at && moved.step == MessageStep::delivered) delivered_ += static_cast<double>(moved.bytes);
  }

  void add_to(Measurements& measurements) const override {
    double all = 0;
    for (const auto& kind : sent_) all += kind.total();
    auto& figures = measurements.figures;
    if (delivered_ > 0) figures.push_back({Metric::overhead, "overhead", "", all / delivered_});
    figures.push_back({Metric::overhead, "link_bytes", "B", all});
    for (std::size_t i = 0; i < sent_.size(); ++i) {
      auto name = std::string("link_bytes.") + to_string(static_cast<FrameKind>(i));
      figures.push_back({Metric::overhead, name, "B", sent_.at(i).total()});
      if (sent_.at(i).total() > 0) {
        measurements.series.push_back({Metric::overhead, name, "B/s", sent_.at(i).rates(end())});
      }
    }
  }

 private:
  std::array<WindowSums, kFrameKinds> sent_ = {
      WindowSums(Duration(), Duration::seconds(1), 2), WindowSums(Duration(), Duration::seconds(1), 2),
      WindowSums(Duration(), Duration::seconds(1), 2), WindowSums(Duration(), Duration::seconds(1), 2)};
  double delivered_ = 0;
};

/// Packets that come to mixnodes and gateways, from nodes or from clients.
class NodeLoadMeter : public TimedMeter {
 public:
  explicit NodeLoadMeter(const Plan& plan)
      : TimedMeter(plan.measure),
        mixnodes_(plan.network.mixnodes),
        received_(std::size_t{plan.network.mixnodes} + plan.network.gateways,
                  WindowSums(warm_up(), plan.measure.window,
                             points_each(std::size_t{plan.network.mixnodes} + plan.network.gateways))) {}

  void on_frame_arrived(TimePoint now, const FrameArrived& frame) override {
    auto at = touch(now);
    if (!at || (frame.kind != FrameKind::packet && frame.kind != FrameKind::upload)) return;
    if (frame.to.kind == NodeKind::client) return;
    auto place = frame.to.index + (frame.to.kind == NodeKind::gateway ? mixnodes_ : 0);
    if (place < received_.size()) received_[place].add(*at);
  }

  void add_to(Measurements& measurements) const override {
    for (std::uint32_t i = 0; i < received_.size(); ++i) {
      bool is_gateway = i >= mixnodes_;
      auto name = "load." +
                  to_text(NodeName{is_gateway ? NodeKind::gateway : NodeKind::mixnode, is_gateway ? i - mixnodes_ : i});
      measurements.figures.push_back({Metric::node_load, name, "", received_[i].total()});
      measurements.series.push_back({Metric::node_load, name, "1/s", received_[i].rates(end())});
    }
  }

 private:
  std::uint32_t mixnodes_;
  std::vector<WindowSums> received_;
};

}  // namespace

std::unique_ptr<Meter> make_goodput_meter(const Plan& plan) {
  return std::make_unique<GoodputMeter>(plan);
}
std::unique_ptr<Meter> make_overhead_meter(const Plan& plan) {
  return std::make_unique<OverheadMeter>(plan);
}
std::unique_ptr<Meter> make_node_load_meter(const Plan& plan) {
  return std::make_unique<NodeLoadMeter>(plan);
}

}  // namespace nym::sim
