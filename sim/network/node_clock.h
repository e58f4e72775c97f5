#pragma once

#include "engine/base/time.h"
#include "engine/base/wide_int.h"

namespace nym::sim {

/// A node's monotonic clock: runs as the world does until it drifts. Rounds so that a deadline of the node has come
/// when the world says so.
class NodeClock {
 public:
  TimePoint local(TimePoint world) const { return is_exact_ ? world : local_base_ + scaled(world - world_base_); }
  TimePoint world(TimePoint local) const {
    if (is_exact_) return local;
    if (local <= local_base_) return world_base_;
    Int128 product = static_cast<Int128>((local - local_base_).ns()) * kMillion;
    Int128 pace = kMillion + ppm_;
    return world_base_ + Duration::nanoseconds(static_cast<std::int64_t>((product + pace - 1) / pace));
  }
  /// From now on it gains so many millionths; more than -10^6.
  void set_drift(TimePoint world_now, std::int64_t ppm) {
    local_base_ = local(world_now);
    world_base_ = world_now;
    ppm_ = ppm;
    is_exact_ = ppm == 0 && local_base_ == world_base_;
  }

 private:
  static constexpr std::int64_t kMillion = 1'000'000;

  Duration scaled(Duration passed) const {
    Int128 product = static_cast<Int128>(passed.ns()) * (kMillion + ppm_);
    return Duration::nanoseconds(static_cast<std::int64_t>(product / kMillion));
  }

  bool is_exact_ = true;
  TimePoint world_base_;
  TimePoint local_base_;
  std::int64_t ppm_ = 0;
};

}  // namespace nym::sim
