#pragma once

#include <cstddef>
#include <optional>

#include "engine/base/limits.h"
#include "engine/base/time.h"

namespace nym::client {

/// How much may be sent and not acknowledged when nothing else limits the rate. A network that is sent more than it
/// carries keeps it in queues until every wait for an acknowledgement is too short, and then is sent everything twice.
/// Of a round trip the mixnodes' delays are known; what it takes beyond them is the length of the queues. While that
/// is short the window grows with what is acknowledged, beginning with kFirst; it shrinks when not one packet of a
/// round trip came through soon, or something has to be sent again.
class SendWindow {
 public:
  static constexpr std::size_t kFirst = std::size_t{1} << 20U;  ///< bytes
  static constexpr std::size_t kLeast = std::size_t{64} << 10U;
  static constexpr std::size_t kMost = limits::kUnacknowledgedBytes;

  /// Once it was full, only when there is room for many packets: they are made together for much less.
  bool has_room(std::size_t unacknowledged);
  /// `excess` of the round trip over the mixnodes' delays; `sent` is when its packet left.
  void on_ack(TimePoint now, TimePoint sent, Duration excess, std::size_t bytes);
  void on_retransmission(TimePoint now);
  std::size_t size() const { return size_; }

 private:
  void shrink(TimePoint now);
  void begin_round(TimePoint now);

  std::size_t size_ = kFirst;
  bool is_full_ = false;
  TimePoint round_began_;  ///< what left before says nothing about the window since
  std::optional<Duration> least_excess_;
  std::size_t acknowledged_ = 0;  ///< of the round's bytes
};

}  // namespace nym::client
