#pragma once

#include <cstddef>
#include <cstdint>

#include "engine/base/time.h"

namespace nym::client {

/// Stretches the main stream's mean delay by 1 … 6 while the gateway link does not keep up (04 §3.6).
class DelayController {
 public:
  explicit DelayController(TimePoint start) : changed_(start), pressed_(start) {}

  /// `used` of the link's slots are taken.
  void adjust(TimePoint now, std::size_t used, std::size_t free);
  std::int64_t multiplier() const { return multiplier_; }

 private:
  std::int64_t multiplier_ = 1;
  TimePoint changed_;
  TimePoint pressed_;
};

}  // namespace nym::client
