#pragma once

#include <functional>
#include <map>
#include <optional>

#include "engine/base/drop_reason.h"
#include "engine/sphinx/suite.h"
#include "engine/wire/framing.h"
#include "net/tcp_link.h"

namespace nym::net {

/// A node's incoming links: cuts their bytes into frames, has all packets of one read prepared together, and hands the
/// frames over one by one. A connection is closed that sends no frames, or whose first frame, or one that it began, is
/// not whole within limits::kFrameTimeout.
class FrameListener {
 public:
  using OnFrame = std::function<void(wire::MixFrame)>;
  /// A connection was closed: malformed_frame, slow_frame, too_many_connections.
  using OnRefused = std::function<void(DropReason)>;

  /// `suite` and `node_key` outlive the listener. Error: cannot_listen.
  static Result<std::unique_ptr<FrameListener>> listen(Runtime& runtime, const Endpoint& where,
                                                       const sphinx::Suite& suite,
                                                       const crypto::X25519KeyPair& node_key, OnFrame on_frame,
                                                       OnRefused on_refused);
  const Endpoint& local_endpoint() const { return listener_->local_endpoint(); }

  /// While paused nothing is read, so that senders are slowed down.
  void pause();
  void resume();
  /// Sees every frame before the node does; empty: nobody looks.
  void watch(std::function<void(const wire::MixFrame&)> watcher) { watcher_ = std::move(watcher); }

 private:
  struct Incoming {
    std::unique_ptr<TcpLink> tcp;
    wire::FrameDecoder decoder;
    std::optional<TimePoint> waiting_since;  ///< for the rest of a frame, or the first
  };
  FrameListener(Runtime& runtime, const sphinx::Suite& suite, const crypto::X25519KeyPair& node_key, OnFrame on_frame,
                OnRefused on_refused);
  void on_accept(std::unique_ptr<TcpLink> tcp);
  void on_data(std::uint64_t id, ByteView data);
  void close_late_ones();

  const sphinx::Suite& suite_;
  const crypto::X25519KeyPair& node_key_;
  OnFrame on_frame_;
  OnRefused on_refused_;
  Timer look_timer_;
  std::unique_ptr<TcpListener> listener_;
  std::map<std::uint64_t, Incoming> incoming_;
  std::uint64_t next_id_ = 1;
  bool is_paused_ = false;
  std::function<void(const wire::MixFrame&)> watcher_;
};

}  // namespace nym::net
