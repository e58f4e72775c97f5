#include "sim/network/mix_connections.h"

#include "engine/base/limits.h"
#include "sim/network/world.h"

namespace nym::sim {
namespace {

/// An operating system's patience with a peer that does not answer.
constexpr Duration kConnectTimeout = Duration::seconds(10);
/// Senders are told of so many written frames at a time: one event less a frame.
constexpr std::size_t kReportedTogether = 64;
static_assert(kReportedTogether < limits::kLinkFramesInFlight);

HostInput closed(ConnectionId connection, CloseReason reason) {
  return mixnode::Input(relay::LinkClosed{connection, reason});
}

}  // namespace

void MixConnections::dial(HostId from, ConnectionId connection, const Endpoint& to) {
  auto target = endpoints_.find(to);
  bool is_refused = !world_.takes_dial(from) || target == endpoints_.end() || !world_.is_up(target->second);
  if (is_refused) {
    auto hint = target == endpoints_.end() ? from : target->second;
    auto after = world_.links().draw_latency(world_.links().between(from, hint));
    return world_.schedule(after, from, closed(connection, CloseReason::refused));
  }
  auto link = world_.links().between(from, target->second);
  if (world_.links().is_cut(link)) {
    return world_.schedule(kConnectTimeout, from, closed(connection, CloseReason::timed_out));
  }
  open_[{from, connection}] = {link, target->second};
  world_.schedule(world_.links().draw_latency(link), from, mixnode::Input(relay::LinkOpened{connection}));
}

void MixConnections::send(HostId from, ConnectionId connection, wire::MixFrame frame, FrameId peeled_from) {
  auto found = open_.find({from, connection});
  if (found == open_.end()) return;
  auto& open = found->second;
  world_.count_packet();
  auto bytes = static_cast<std::uint32_t>(frame.packet.size());
  Parcel parcel{open.link, FrameKind::packet, Transport::packets, bytes,
                mixnode::Input(relay::FrameReceived{std::move(frame)})};
  parcel.peeled_from = peeled_from;
  if (++open.unreported == kReportedTogether) {
    parcel.written = mixnode::Input(relay::LinkWritten{connection, std::exchange(open.unreported, 0)});
  }
  world_.links().send(std::move(parcel));
}

void MixConnections::close_all_of(HostId host) {
  for (auto next = open_.begin(); next != open_.end();) {
    auto open = next++;
    auto [from, connection] = open->first;
    bool ends_here = open->second.to == host;
    if (from != host && !ends_here) continue;
    if (from != host) {
      auto after = world_.links().draw_latency(open->second.link);
      world_.schedule(after, from, closed(connection, CloseReason::reset));
    }
    open_.erase(open);
  }
}

}  // namespace nym::sim
