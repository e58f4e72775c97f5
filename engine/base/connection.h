#pragma once

#include <string>

#include "engine/base/strong_id.h"

namespace nym {

/// Names a connection for as long as it lives. The side that opens a connection names it: engine objects count up from
/// 1, drivers name incoming ones from kFirstIncomingConnection on.
using ConnectionId = StrongId<struct ConnectionTag, std::uint64_t>;
inline constexpr std::uint64_t kFirstIncomingConnection = std::uint64_t{1} << 63U;

enum class CloseReason : std::uint8_t { finished, refused, timed_out, reset, protocol_error, shutdown };

constexpr const char* to_string(CloseReason reason) {
  switch (reason) {
    case CloseReason::finished:
      return "finished";
    case CloseReason::refused:
      return "refused";
    case CloseReason::timed_out:
      return "timed out";
    case CloseReason::reset:
      return "reset";
    case CloseReason::protocol_error:
      return "protocol error";
    case CloseReason::shutdown:
      return "shutdown";
  }
  return "unknown";
}

}  // namespace nym
