#pragma once

#include "engine/client/client.h"
#include "engine/sphinx/real_suite.h"
#include "net/drivers/app_gate.h"
#include "net/drivers/directory_client.h"
#include "net/drivers/node_loop.h"
#include "net/os_random.h"
#include "net/storage/reply_store_file.h"
#include "net/websocket.h"

namespace nym::net {

/// A client on real sockets: its gateway link, its local websocket for applications, its directory and its reply store.
/// Lives on its runtime's thread; destroying it closes everything.
class ClientDriver {
 public:
  using OnEvent = std::function<void(const client::Event&)>;
  struct Places {
    Endpoint app;                          ///< where applications connect
    std::vector<std::string> directories;  ///< base addresses
    std::string reply_store;               ///< a path
    AppGate::Rules app_rules{};            ///< who may connect
    std::filesystem::path app_socket{};    ///< a unix socket where they connect too; empty: none
  };
  struct Started;

  /// Errors: cannot_listen, file_failed, not_found, bad_key_file.
  static Result<Started> start(Runtime& runtime, client::ClientConfig config, const Places& places, OnEvent on_event);
  ~ClientDriver();
  ClientDriver(const ClientDriver&) = delete;
  ClientDriver& operator=(const ClientDriver&) = delete;

  const Endpoint& app_endpoint() const { return apps_listener_->local_endpoint(); }
  /// No new work is taken; messages without an outcome are cancelled.
  void shut_down();

 private:
  ClientDriver(Runtime& runtime, client::ClientConfig config, const Places& places, ReplyStoreFile store,
               client::StoredReplies replies, AppGate gate, OnEvent on_event);
  void perform(client::Output output);
  void dial_gateway(const client::DialGateway& dial);
  Result<void> listen_for_apps(const Places& places);
  WebSocketListenerOptions app_options() const;
  void on_app_connection(std::unique_ptr<WebSocketConnection> websocket);
  void to_app(client::ToApp& message);
  void close_app(const client::CloseApp& close);
  WebSocketConnection* find_app(client::AppSessionId session) const;
  void persist(client::Persist persist);
  void commit_all();
  void fetch_topology(client::FetchId id);

  using Loop = NodeLoop<client::Client, client::Input, client::Output>;
  Runtime& runtime_;
  client::AppConfig app_config_;
  AppGate gate_;
  OsRandom random_;
  sphinx::RealSuite suite_;
  OnEvent on_event_;
  ReplyStoreFile store_;
  DirectoryClient directory_;
  client::Client node_;
  Loop loop_;
  ConnectionId gateway_connection_;
  std::unique_ptr<WebSocketConnection> gateway_;
  std::map<client::AppSessionId, std::unique_ptr<WebSocketConnection>> apps_;
  std::uint64_t next_app_ = 1;
  std::vector<client::Persist> to_commit_;
  Timer commit_timer_;
  std::unique_ptr<WebSocketListener> apps_listener_;
  std::unique_ptr<WebSocketListener> apps_socket_listener_;  ///< on the unix socket, if there is one
};

struct ClientDriver::Started {
  std::unique_ptr<ClientDriver> driver;
  std::string note;  ///< of the reply store, for the log
};

}  // namespace nym::net
