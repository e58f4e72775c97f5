#pragma once

#include <variant>

#include "engine/base/time.h"
#include "engine/relay/io.h"

/// Inputs and outputs of a Mixnode.
namespace nym::mixnode {

using Input =
    std::variant<relay::HopsKnown, relay::LinkOpened, relay::LinkWritten, relay::LinkClosed, relay::FrameReceived>;

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
// Of a mixnode that sends loops. Each of them ends in one of the latter two.
struct LoopSent {};
struct LoopReturned {
  Duration round_trip;
};
/// It did not come back in time; if it still does it is dropped as final_hop_at_mixnode.
struct LoopLost {};
using Event = std::variant<PacketReceived, PacketForwarded, PacketDropped, LoopSent, LoopReturned, LoopLost>;

using Output = std::variant<relay::DialLink, relay::SendFrame, Event>;

}  // namespace nym::mixnode
