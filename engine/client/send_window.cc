#include "engine/client/send_window.h"

#include <algorithm>

namespace nym::client {
namespace {

constexpr std::size_t kTogether = std::size_t{48} << 10U;
/// Of queueing, on a busy machine also for its processors. Below the least wait for an acknowledgement, 1.5 s.
constexpr Duration kShort = Duration::milliseconds(600);
constexpr Duration kLong = Duration::milliseconds(1'200);
/// Of several that are lost together one counts.
constexpr Duration kBetweenLosses = Duration::seconds(1);

}  // namespace

bool SendWindow::has_room(std::size_t unacknowledged) {
  if (unacknowledged >= size_) is_full_ = true;
  if (unacknowledged + kTogether <= size_) is_full_ = false;
  return !is_full_;
}

void SendWindow::on_ack(TimePoint now, TimePoint sent, Duration excess, std::size_t bytes) {
  if (excess <= kShort) size_ = std::min(size_ + bytes, kMost);
  if (sent < round_began_) return;
  least_excess_ = std::min(excess, least_excess_.value_or(excess));
  acknowledged_ += bytes;
  if (acknowledged_ < kTogether) return;
  if (*least_excess_ > kLong) return shrink(now);
  begin_round(now);
}

void SendWindow::on_retransmission(TimePoint now) {
  if (now - round_began_ >= kBetweenLosses) shrink(now);
}

void SendWindow::shrink(TimePoint now) {
  size_ = std::max(size_ - size_ / 4, kLeast);
  begin_round(now);
}

void SendWindow::begin_round(TimePoint now) {
  round_began_ = now;
  least_excess_.reset();
  acknowledged_ = 0;
}

}  // namespace nym::client
