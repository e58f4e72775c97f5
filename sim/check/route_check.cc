#include <fmt/format.h>

#include "sim/check/checkers.h"
#include "sim/plan/nodes.h"

namespace nym::sim {
namespace {

class RouteCheck final : public Observer {
 public:
  RouteCheck(const Plan& plan, Complaints& complaints)
      : complaints_(complaints), has_loops_(plan.mix.loop_cover_average_delay.has_value()) {
    std::uint32_t layer = 0;
    for (auto size : layer_sizes(plan.network)) layers_.insert(layers_.end(), size, ++layer);
  }

  bool wants(Frequent what) const override { return what == Frequent::frame_sent; }
  void on_frame_sent(TimePoint now, const FrameSent& frame) override {
    if (frame.kind != FrameKind::packet) return;
    auto from = layer_of(frame.from);
    auto to = layer_of(frame.to);
    bool is_right = to == (from + 1) % (kLayersOfRoute + 1) || (has_loops_ && from == kLayersOfRoute && to == 1);
    if (is_right) return;
    complaints_.add(now, Verdict::safety,
                    fmt::format("{} sent a packet to {}, which is not in the layer that comes next",
                                to_text(frame.from), to_text(frame.to)));
  }

 private:
  /// 0: a gateway.
  std::uint32_t layer_of(NodeName node) const { return node.kind == NodeKind::mixnode ? layers_[node.index] : 0; }

  Complaints& complaints_;
  bool has_loops_;
  std::vector<std::uint32_t> layers_;  ///< by mixnode, 1..3
};

}  // namespace

std::unique_ptr<Observer> make_route_check(const Plan& plan, Complaints& complaints) {
  return std::make_unique<RouteCheck>(plan, complaints);
}

}  // namespace nym::sim
