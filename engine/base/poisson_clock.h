#pragma once

#include <optional>

#include "engine/base/random.h"

namespace nym {

/// When a Poisson stream sends next. Each deadline follows from the one before, so late ticks are made up for, but
/// after a stall no more than limits::kCatchUp of them (04 §3.5, design §2.1).
class PoissonClock {
 public:
  explicit PoissonClock(std::unique_ptr<RandomSource> random) : random_(std::move(random)) {}

  void start(TimePoint now, Duration mean);
  void stop() { deadline_.reset(); }
  bool is_due(TimePoint now) const { return deadline_ && *deadline_ <= now; }
  /// Moves the deadline on; call once a tick.
  void advance(TimePoint now, Duration mean);
  std::optional<TimePoint> deadline() const { return deadline_; }

 private:
  std::unique_ptr<RandomSource> random_;
  std::optional<TimePoint> deadline_;
};

}  // namespace nym
