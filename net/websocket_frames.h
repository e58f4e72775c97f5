#pragma once

// Private to this folder: the frames of RFC 6455 §5.2, written by ourselves because Beast hands one message to the
// system at a time, and a node has many small ones.

#include <array>
#include <optional>

#include "net/websocket.h"

namespace nym::net {

/// What a client's frame is masked with; drawn anew for each.
using FrameMask = std::array<std::uint8_t, 4>;

/// Appends one message as one final frame.
void append_frame(Bytes& out, WebSocketForm form, ByteView payload, const std::optional<FrameMask>& mask);

}  // namespace nym::net
