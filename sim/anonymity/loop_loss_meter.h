#pragma once

#include <map>

#include "sim/anonymity/corruption.h"
#include "sim/measure/measurements.h"

namespace nym::sim {

/// What the mixnodes' own loops tell about nodes that lose, damage or hold back packets.
///
/// `loop_loss` is the share of loops that were lost, of all that ended; the series of that name has it by window. Loss
/// is noticed when, counted from the beginning of the first adversary that loses, damages or holds back something, at
/// least three loops are lost, and as many as the share until then lets expect and four standard deviations more (the
/// root of that number). `loop_loss_noticed` is the time from that beginning to then, in seconds. It is not there when
/// there is no such adversary, or when nothing was noticed.
class LoopLossMeter final : public Meter {
 public:
  explicit LoopLossMeter(const Plan& plan);

  void on_mixnode_event(TimePoint now, std::uint32_t mixnode, const mixnode::Event& event) override;
  void add_to(Measurements& measurements) const override;

 private:
  struct Count {
    std::uint64_t ended = 0;
    std::uint64_t lost = 0;
    double share() const { return ended == 0 ? 0 : static_cast<double>(lost) / static_cast<double>(ended); }
  };
  bool is_noticeable() const;

  TimePoint from_;
  Duration window_;
  std::optional<TimePoint> attack_;
  Count measured_;  ///< after the warm-up
  Count before_attack_;
  Count since_attack_;
  std::map<std::int64_t, Count> windows_;
  std::optional<TimePoint> noticed_;
};

}  // namespace nym::sim
