#include "net/drivers/mix_link_set.h"

namespace nym::net {

void MixLinkSet::dial(const relay::DialLink& dial) {
  auto connection = dial.connection;
  auto& link = links_[connection];
  link.tcp = TcpLink::connect(runtime_, dial.address);
  link.tcp->start({[this, connection] { handlers_.on_opened({connection}); },
                   [](ByteView) {},  // nothing is ever sent back on these links
                   [this, connection](std::size_t bytes) { on_bytes_written(connection, bytes); },
                   [this, connection](CloseReason reason, std::string_view) { on_closed(connection, reason); }});
}

void MixLinkSet::send(const relay::SendFrame& send) {
  auto found = links_.find(send.connection);
  if (found == links_.end()) return;
  auto header = wire::encode_frame_header(send.frame.size, send.frame.type, form_);
  found->second.unwritten.push_back(header.size() + send.frame.packet.size());
  found->second.tcp->send(std::move(header));
  found->second.tcp->send(send.frame.packet);
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
