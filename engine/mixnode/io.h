#pragma once

#include <variant>

#include "engine/base/time.h"
#include "engine/relay/io.h"

/// Inputs and outputs of a Mixnode.
namespace nym::mixnode {

using Input = std::variant<relay::LinkOpened, relay::LinkWritten, relay::LinkClosed, relay::FrameReceived>;

// Events: metrics, logs and checkers read the same.
struct PacketReceived {
  wire::PacketSize size{};
};
struct PacketForwarded {
  wire::PacketSize size{};
  Duration held;
};
struct PacketDropped {
  DropReason reason{};
};
using Event = std::variant<PacketReceived, PacketForwarded, PacketDropped>;

using Output = std::variant<relay::DialLink, relay::SendFrame, Event>;

}  // namespace nym::mixnode
