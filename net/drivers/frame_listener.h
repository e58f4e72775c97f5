#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "engine/base/drop_reason.h"
#include "engine/sphinx/suite.h"
#include "engine/wire/framing.h"
#include "net/tcp_link.h"

namespace nym::net {

/// A node's incoming links: cuts their bytes into frames, has the packets of all that arrived by now prepared together,
/// on whatever links, and hands them over. A connection is closed that sends no frames, or whose first frame, or one
/// that it began, is not whole within limits::kFrameTimeout.
class FrameListener {
 public:
  /// In the order of their arrival, at most limits::kFramesTogether; they may be moved from.
  using OnFrames = std::function<void(std::span<wire::MixFrame>)>;
  /// A connection was closed: malformed_frame, slow_frame, too_many_connections.
  using OnRefused = std::function<void(DropReason)>;

  /// `suite` and `node_key` outlive the listener. Error: cannot_listen.
  static Result<std::unique_ptr<FrameListener>> listen(Runtime& runtime, const Endpoint& where,
                                                       const sphinx::Suite& suite,
                                                       const crypto::X25519KeyPair& node_key, OnFrames on_frames,
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
  FrameListener(Runtime& runtime, const sphinx::Suite& suite, const crypto::X25519KeyPair& node_key, OnFrames on_frames,
                OnRefused on_refused);
  void on_accept(std::unique_ptr<TcpLink> tcp);
  void on_data(std::uint64_t id, ByteView data);
  void hand_over_soon();
  void hand_over();
  void close_late_ones();

  Runtime& runtime_;
  const sphinx::Suite& suite_;
  const crypto::X25519KeyPair& node_key_;
  OnFrames on_frames_;
  OnRefused on_refused_;
  Timer look_timer_;
  std::unique_ptr<TcpListener> listener_;
  std::map<std::uint64_t, Incoming> incoming_;
  std::uint64_t next_id_ = 1;
  bool is_paused_ = false;
  std::function<void(const wire::MixFrame&)> watcher_;
  std::vector<wire::MixFrame> arrived_;  ///< handed over once all sockets that have something now were read
  std::vector<Blob> packets_;            ///< of those that are being handed over
  bool is_handing_over_soon_ = false;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace nym::net
