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

InputBox closed(ConnectionId connection, CloseReason reason) {
  return boxed<mixnode::Input>(relay::LinkClosed{connection, reason});
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
  open_[from.value][connection] = {link, target->second};
  world_.schedule(world_.links().draw_latency(link), from, boxed<mixnode::Input>(relay::LinkOpened{connection}));
}

void MixConnections::send(HostId from, ConnectionId connection, wire::MixFrame frame, FrameId peeled_from) {
  auto& connections = open_[from.value];
  auto found = connections.find(connection);
  if (found == connections.end()) return;
  auto& open = found->second;
  world_.count_packet();
  auto bytes = static_cast<std::uint32_t>(frame.packet.size());
  Parcel parcel{open.link, FrameKind::packet, Transport::packets, bytes,
                boxed<mixnode::Input>(relay::FrameReceived{std::move(frame)})};
  parcel.peeled_from = peeled_from;
  if (++open.unreported == kReportedTogether) {
    parcel.written = boxed<mixnode::Input>(relay::LinkWritten{connection, std::exchange(open.unreported, 0)});
  }
  world_.links().send(std::move(parcel));
}

void MixConnections::close_all_of(HostId host) {
  for (HostId from{0}; from.value < open_.size(); ++from.value) {
    auto& connections = open_[from.value];
    for (auto next = connections.begin(); next != connections.end();) {
      auto open = next++;
      if (from != host && open->second.to != host) continue;
      if (from != host) {
        auto after = world_.links().draw_latency(open->second.link);
        world_.schedule(after, from, closed(open->first, CloseReason::reset));
      }
      connections.erase(open);
    }
  }
}

}  // namespace nym::sim
