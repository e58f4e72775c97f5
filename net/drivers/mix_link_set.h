#pragma once

#include <deque>
#include <functional>
#include <map>
#include <utility>

#include "engine/relay/io.h"
#include "net/tcp_link.h"

namespace nym::net {

/// Where connections really go that a node makes to an address; addresses that are not named are their own.
using Detours = std::map<Endpoint, Endpoint>;

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

  /// From now on. Links that go elsewhere now are connected anew; what was handed to the old connection still leaves.
  void set_detours(Detours detours);
  std::size_t open_links() const { return links_.size(); }

 private:
  struct Link {
    Endpoint address;  ///< as the engine named it
    Endpoint dialed;   ///< as it was when it was dialed
    std::unique_ptr<TcpLink> tcp;
    std::deque<std::size_t> unwritten;  ///< bytes of each frame handed over, the first less what is written of it
    bool was_opened = false;
  };
  Endpoint target_of(const Endpoint& address) const;
  void connect(ConnectionId connection, Link& link);
  void retire(ConnectionId connection, Link& link);
  void on_bytes_written(ConnectionId connection, std::size_t bytes);
  void on_closed(ConnectionId connection, CloseReason reason);
  /// Of a frame; made once.
  const Blob& header_of(wire::PacketSize size, wire::PacketType type);

  Runtime& runtime_;
  wire::FrameHeaderForm form_;
  Handlers handlers_;
  std::map<std::pair<wire::PacketSize, wire::PacketType>, Blob> headers_;
  Detours detours_;
  std::map<ConnectionId, Link> links_;
  std::map<std::uint64_t, std::unique_ptr<TcpLink>> retired_;  ///< they end when what they hold has left
  std::uint64_t next_retired_ = 1;
};

}  // namespace nym::net
