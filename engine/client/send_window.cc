#include "engine/client/send_window.h"

#include <algorithm>

namespace nym::client {
namespace {

/// Of queueing. Well below the least wait for an acknowledgement, 1.5 s.
constexpr Duration kShort = Duration::milliseconds(250);
constexpr Duration kLong = Duration::milliseconds(600);
/// Of several that are lost together one counts.
constexpr Duration kBetweenLosses = Duration::seconds(1);

}  // namespace

void SendWindow::on_ack(TimePoint now, TimePoint sent, Duration excess, std::size_t bytes) {
  if (excess <= kShort) size_ = std::min(size_ + bytes, kMost);
  if (excess > kLong && sent >= shrunk_) shrink(now);
}

void SendWindow::on_retransmission(TimePoint now) {
  if (now - shrunk_ >= kBetweenLosses) shrink(now);
}

void SendWindow::shrink(TimePoint now) {
  size_ = std::max(size_ - size_ / 4, kLeast);
  shrunk_ = now;
}

}  // namespace nym::client
