#pragma once

#include "sim/anonymity/origins.h"
#include "sim/measure/measurements.h"

namespace nym::sim {

/// How many of the packets that clients sent, and that came to a gateway again, had only corrupt mixnodes on their way.
///
/// Figures: `corrupt_routes`, their share; `corrupt_routes_expected`, what the choice of routes makes of the corrupt
/// mixnodes; `corrupt_share_cubed`, the third power of their share among all mixnodes. A mixnode counts for the latter
/// two if it is ever corrupt.
class CorruptRoutesMeter final : public Meter {
 public:
  CorruptRoutesMeter(const Plan& plan, CorruptSet corrupt);

  bool wants_peeled_from() const override { return true; }
  void on_frame_sent(TimePoint now, const FrameSent& frame) override;
  void add_to(Measurements& measurements) const override;

 private:
  const NetworkPlan network_;
  CorruptSet corrupt_;
  TimePoint from_;
  Origins origins_;
  std::uint64_t routes_ = 0;
  std::uint64_t corrupt_routes_ = 0;
};

/// The probability that all three mixnodes of a route are corrupt.
double expected_corrupt_routes(const NetworkPlan& network, const CorruptSet& corrupt);

}  // namespace nym::sim
