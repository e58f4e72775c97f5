#pragma once

#include "engine/mixnode/mixnode.h"
#include "engine/sphinx/real_suite.h"
#include "net/drivers/frame_listener.h"
#include "net/drivers/mix_link_set.h"
#include "net/drivers/node_loop.h"
#include "net/os_random.h"

namespace nym::net {

/// A mixnode on real sockets. Lives on its runtime's thread; destroying it closes everything.
class MixnodeDriver {
 public:
  using OnEvent = std::function<void(const mixnode::Event&)>;

  /// Listens for frames at `where`. Error: cannot_listen.
  static Result<std::unique_ptr<MixnodeDriver>> start(Runtime& runtime, mixnode::Config config, const Endpoint& where,
                                                      OnEvent on_event);
  /// Where this node's connections to others really go.
  void set_detours(Detours detours) { links_.set_detours(std::move(detours)); }
  /// Packets for other addresses are dropped; nothing: they are sent wherever they want.
  void set_known_hops(std::optional<std::set<Endpoint>> addresses);
  /// As if its process stood still: nothing is read, done or sent until it goes on.
  void pause();
  void resume();
  bool is_paused() const { return loop_.is_held(); }
  /// Sees every frame that arrives, before the node does.
  void watch_frames(std::function<void(const wire::MixFrame&)> watcher) { listener_->watch(std::move(watcher)); }
  const mixnode::Mixnode& node() const { return node_; }
  std::size_t open_links() const { return links_.open_links(); }
  const Endpoint& mix_endpoint() const { return listener_->local_endpoint(); }

 private:
  MixnodeDriver(Runtime& runtime, mixnode::Config config, OnEvent on_event);
  void perform(mixnode::Output output);
  void refused(DropReason reason);

  OsRandom random_;
  sphinx::RealSuite suite_;
  OnEvent on_event_;
  mixnode::Mixnode node_;
  MixLinkSet links_;
  NodeLoop<mixnode::Mixnode, mixnode::Input, mixnode::Output> loop_;
  std::unique_ptr<FrameListener> listener_;
};

}  // namespace nym::net
