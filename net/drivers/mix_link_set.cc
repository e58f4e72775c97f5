#include "net/drivers/mix_link_set.h"

namespace nym::net {

Endpoint MixLinkSet::target_of(const Endpoint& address) const {
  auto detour = detours_.find(address);
  return detour == detours_.end() ? address : detour->second;
}

void MixLinkSet::dial(const relay::DialLink& dial) {
  auto& link = links_[dial.connection];
  link.address = dial.address;
  connect(dial.connection, link);
}

void MixLinkSet::connect(ConnectionId connection, Link& link) {
  link.dialed = target_of(link.address);
  link.tcp = TcpLink::connect(runtime_, link.dialed);
  link.tcp->start({[this, connection] {
                     auto found = links_.find(connection);
                     if (!std::exchange(found->second.was_opened, true)) handlers_.on_opened({connection});
                   },
                   [](ByteView) {},  // nothing is ever sent back on these links
                   [this, connection](std::size_t bytes) { on_bytes_written(connection, bytes); },
                   [this, connection](CloseReason reason, std::string_view) { on_closed(connection, reason); }});
}

void MixLinkSet::set_detours(Detours detours) {
  detours_ = std::move(detours);
  for (auto& [connection, link] : links_) {
    if (link.dialed != target_of(link.address)) retire(connection, link);
  }
}

// The engine sees one link all the time: what is still queued leaves on the old connection, what comes now on the new.
void MixLinkSet::retire(ConnectionId connection, Link& link) {
  auto number = next_retired_++;
  auto old = std::move(link.tcp);
  connect(connection, link);
  if (old->queued_bytes() == 0) return;
  auto end = [this, number] { retired_.erase(number); };
  old->replace_handlers({[] {}, [](ByteView) {},
                         [this, connection, end, tcp = old.get()](std::size_t bytes) {
                           bool is_done = tcp->queued_bytes() == 0;
                           on_bytes_written(connection, bytes);
                           if (is_done) end();
                         },
                         [this, connection, end, tcp = old.get()](CloseReason, std::string_view) {
                           on_bytes_written(connection, tcp->queued_bytes());  // lost, as in a network
                           end();
                         }});
  retired_.emplace(number, std::move(old));
}

void MixLinkSet::send(const relay::SendFrame& send) {
  auto found = links_.find(send.connection);
  if (found == links_.end()) return;
  const auto& header = header_of(send.frame.size, send.frame.type);
  found->second.unwritten.push_back(header.size() + send.frame.packet.size());
  found->second.tcp->send(header);
  found->second.tcp->send(send.frame.packet);
}

const Blob& MixLinkSet::header_of(wire::PacketSize size, wire::PacketType type) {
  auto& header = headers_[{size, type}];
  if (header.empty()) header = wire::encode_frame_header(size, type, form_);
  return header;
}

void MixLinkSet::on_bytes_written(ConnectionId connection, std::size_t bytes) {
  auto found = links_.find(connection);
  if (found == links_.end()) return;
  auto& unwritten = found->second.unwritten;
  std::size_t frames = 0;
  while (!unwritten.empty() && bytes >= unwritten.front()) {
    bytes -= unwritten.front();
    unwritten.pop_front();
    ++frames;
  }
  if (!unwritten.empty()) unwritten.front() -= bytes;
  if (frames > 0) handlers_.on_written({connection, frames});
}

void MixLinkSet::on_closed(ConnectionId connection, CloseReason reason) {
  links_.erase(connection);
  handlers_.on_closed({connection, reason});
}

}  // namespace nym::net
