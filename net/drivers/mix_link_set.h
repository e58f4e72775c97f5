#pragma once

#include <deque>
#include <functional>
#include <map>

#include "engine/relay/io.h"
#include "net/tcp_link.h"

namespace nym::net {

/// A node's outgoing links (03 §13): carries out DialLink and SendFrame, reports what came of them.
class MixLinkSet {
 public:
  struct Handlers {
    std::function<void(relay::LinkOpened)> on_opened;
    std::function<void(relay::LinkWritten)> on_written;
    std::function<void(relay::LinkClosed)> on_closed;
  };
  MixLinkSet(Runtime& runtime, wire::FrameHeaderForm form, Handlers handlers)
      : runtime_(runtime), form_(form), handlers_(std::move(handlers)) {}

  void dial(const relay::DialLink& dial);
  void send(const relay::SendFrame& send);

 private:
  struct Link {
    std::unique_ptr<TcpLink> tcp;
    std::deque<std::size_t> unwritten;  ///< bytes of each frame handed over, the first less what is written of it
  };
  void on_bytes_written(ConnectionId connection, std::size_t bytes);
  void on_closed(ConnectionId connection, CloseReason reason);

  Runtime& runtime_;
  wire::FrameHeaderForm form_;
  Handlers handlers_;
  std::map<ConnectionId, Link> links_;
};

}  // namespace nym::net
