#pragma once

#include <optional>
#include <set>

#include "engine/base/connection.h"
#include "engine/base/drop_reason.h"
#include "engine/base/endpoint.h"
#include "engine/wire/framing.h"

/// What mixnode and gateway share of their inputs and outputs: links between nodes. A link carries frames one way.
namespace nym::relay {

// Outputs.
struct DialLink {
  ConnectionId connection;
  Endpoint address;
};
struct SendFrame {
  ConnectionId connection;
  wire::MixFrame frame;
};

// Inputs.
/// The network's addresses: packets for others are dropped, unknown_next_hop. Nothing: every address is as good.
struct HopsKnown {
  std::optional<std::set<Endpoint>> addresses;
};
struct LinkOpened {
  ConnectionId connection;
};
/// Frames given with SendFrame that reached the operating system, oldest first.
struct LinkWritten {
  ConnectionId connection;
  std::size_t frames = 0;
};
struct LinkClosed {
  ConnectionId connection;
  CloseReason reason = CloseReason::finished;
};
/// From any incoming link. Drivers hand over all frames of one read after preparing them together.
struct FrameReceived {
  wire::MixFrame frame;
};

}  // namespace nym::relay
