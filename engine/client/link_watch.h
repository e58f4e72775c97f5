#pragma once

#include <optional>

#include "engine/base/time.h"

namespace nym::client {

/// Notices within two seconds that the other end of a link is gone though nobody closed it: after a second of silence
/// it wants a ping, a second later without any sign of life the link is dead. Who did not look for longer than that
/// asks once more: the silence may have been its own.
class LinkWatch {
 public:
  void start(TimePoint now);
  void stop() { deadline_.reset(); }
  /// Anything came from the other end.
  void heard(TimePoint now);

  enum class Verdict : std::uint8_t { alive, wants_ping, dead };
  /// Stopped by `dead`.
  Verdict check(TimePoint now);
  std::optional<TimePoint> deadline() const { return deadline_; }

 private:
  std::optional<TimePoint> deadline_;  ///< none while stopped
  bool pinged_ = false;
};

}  // namespace nym::client
