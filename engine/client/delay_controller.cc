#include "engine/client/delay_controller.h"

#include "engine/base/probe.h"

namespace nym::client {
namespace {

constexpr std::int64_t kMaxMultiplier = 6;
constexpr std::size_t kPressureAbove = 10;
constexpr Duration kBeforeIncrease = Duration::seconds(1);
constexpr Duration kBeforeDecrease = Duration::seconds(2);

}  // namespace

void DelayController::adjust(TimePoint now, std::size_t used, std::size_t free) {
  if (used > kPressureAbove) pressed_ = now;
  if (free == 0 && now - changed_ > kBeforeIncrease && multiplier_ < kMaxMultiplier) {
    reach(Probe::traffic_slowed_down);
    ++multiplier_;
    changed_ = now;
  }
  if (now - pressed_ >= kBeforeDecrease && now - changed_ > kBeforeDecrease && multiplier_ > 1) {
    reach(Probe::traffic_sped_up);
    --multiplier_;
    changed_ = now;
  }
}

}  // namespace nym::client
