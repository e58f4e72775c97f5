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
  const Endpoint& mix_endpoint() const { return listener_->local_endpoint(); }

 private:
  MixnodeDriver(Runtime& runtime, mixnode::Config config, OnEvent on_event);
  void perform(mixnode::Output output);

  OsRandom random_;
  sphinx::RealSuite suite_;
  OnEvent on_event_;
  mixnode::Mixnode node_;
  MixLinkSet links_;
  NodeLoop<mixnode::Mixnode, mixnode::Input, mixnode::Output> loop_;
  std::unique_ptr<FrameListener> listener_;
};

}  // namespace nym::net
