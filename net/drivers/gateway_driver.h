#pragma once

#include "engine/gateway/gateway.h"
#include "engine/sphinx/real_suite.h"
#include "net/drivers/frame_listener.h"
#include "net/drivers/mix_link_set.h"
#include "net/drivers/node_loop.h"
#include "net/os_random.h"
#include "net/storage/gateway_store.h"
#include "net/websocket.h"

namespace nym::net {

/// A gateway on real sockets with its database. Lives on its runtime's thread; destroying it closes everything.
class GatewayDriver {
 public:
  using OnEvent = std::function<void(const gateway::Event&)>;
  struct Places {
    Endpoint mix;
    Endpoint clients;
    std::string database;  ///< a path
  };

  /// Errors: cannot_listen, file_failed.
  static Result<std::unique_ptr<GatewayDriver>> start(Runtime& runtime, gateway::Config config, const Places& places,
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
  void watch_frames(std::function<void(const wire::MixFrame&)> watcher) { frames_->watch(std::move(watcher)); }
  const gateway::Gateway& node() const { return node_; }
  std::size_t client_connections() const { return clients_.size(); }
  std::size_t open_links() const { return links_.open_links(); }
  const Endpoint& mix_endpoint() const { return frames_->local_endpoint(); }
  const Endpoint& clients_endpoint() const { return websockets_->local_endpoint(); }

 private:
  GatewayDriver(Runtime& runtime, gateway::Config config, gateway::StoredState stored, GatewayStore store,
                OnEvent on_event);
  void perform(gateway::Output output);
  void refused(DropReason reason);
  void on_connection(std::unique_ptr<WebSocketConnection> websocket);
  void commit_soon(gateway::Persist persist);
  void commit_all();
  void read_inbox(const gateway::ReadInbox& request);

  OsRandom random_;
  sphinx::RealSuite suite_;
  OnEvent on_event_;
  GatewayStore store_;
  gateway::Gateway node_;
  MixLinkSet links_;
  NodeLoop<gateway::Gateway, gateway::Input, gateway::Output> loop_;
  std::map<ConnectionId, std::unique_ptr<WebSocketConnection>> clients_;
  std::uint64_t next_incoming_ = kFirstIncomingConnection;
  std::vector<gateway::Persist> to_commit_;
  Timer commit_timer_;
  std::vector<gateway::ReadInbox> to_read_;
  std::unique_ptr<FrameListener> frames_;
  std::unique_ptr<WebSocketListener> websockets_;
};

}  // namespace nym::net
