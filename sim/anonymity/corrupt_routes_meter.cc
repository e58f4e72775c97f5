#include "sim/anonymity/corrupt_routes_meter.h"

#include "sim/plan/nodes.h"

namespace nym::sim {
namespace {

double share(std::uint64_t part, std::uint64_t whole) {
  return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
}

std::uint64_t count_corrupt(const CorruptSet& corrupt, std::uint32_t begin, std::uint32_t end) {
  std::uint64_t count = 0;
  for (auto mixnode = begin; mixnode < end; ++mixnode) count += corrupt.contains(mixnode) ? 1U : 0U;
  return count;
}

double expected_in_layers(const NetworkPlan& network, const CorruptSet& corrupt) {
  double expected = 1;
  std::uint32_t begin = 0;
  for (auto size : layer_sizes(network)) {
    expected *= share(count_corrupt(corrupt, begin, begin + size), size);
    begin += size;
  }
  return expected;
}

double expected_in_cascades(const NetworkPlan& network, const CorruptSet& corrupt) {
  auto cascades = network.mixnodes / kLayersOfRoute;
  std::uint64_t lost = 0;
  for (std::uint32_t k = 0; k < cascades; ++k) {
    bool is_lost = corrupt.contains(k) && corrupt.contains(k + cascades) && corrupt.contains(k + 2 * cascades);
    lost += is_lost ? 1U : 0U;
  }
  return share(lost, cascades);
}

double expected_on_free_routes(const NetworkPlan& network, const CorruptSet& corrupt) {
  auto left = count_corrupt(corrupt, 0, network.mixnodes);
  double expected = 1;
  for (std::uint32_t hop = 0; hop < kLayersOfRoute; ++hop) {
    expected *= share(left, network.mixnodes - hop);
    if (left > 0) --left;
  }
  return expected;
}

}  // namespace

double expected_corrupt_routes(const NetworkPlan& network, const CorruptSet& corrupt) {
  switch (network.topology) {
    case Topology::stratified:
      return expected_in_layers(network, corrupt);
    case Topology::cascade:
      return expected_in_cascades(network, corrupt);
    case Topology::free_route:
      return expected_on_free_routes(network, corrupt);
  }
  return 0;
}

CorruptRoutesMeter::CorruptRoutesMeter(const Plan& plan, CorruptSet corrupt)
    : network_(plan.network),
      corrupt_(std::move(corrupt)),
      from_(kRunStart + plan.measure.warm_up),
      origins_(corrupt_) {}

void CorruptRoutesMeter::on_frame_sent(TimePoint now, const FrameSent& frame) {
  const auto* origin = origins_.on_frame_sent(now, frame);
  bool ends = origin != nullptr && frame.from.kind == NodeKind::mixnode && frame.to.kind == NodeKind::gateway;
  if (!ends || now < from_) return;
  ++routes_;
  if (origin->corrupt == origin->mixnodes) ++corrupt_routes_;
}

void CorruptRoutesMeter::add_to(Measurements& measurements) const {
  if (routes_ == 0) return;
  double part = share(count_corrupt(corrupt_, 0, network_.mixnodes), network_.mixnodes);
  auto add = [&](const char* name, double value) {
    measurements.figures.push_back({Metric::corrupt_routes, name, "", value});
  };
  add("corrupt_routes", share(corrupt_routes_, routes_));
  add("corrupt_routes_expected", expected_corrupt_routes(network_, corrupt_));
  add("corrupt_share_cubed", part * part * part);
}

}  // namespace nym::sim
