#pragma once

#include "engine/client/client.h"
#include "engine/sphinx/real_suite.h"
#include "net/drivers/app_gate.h"
#include "net/drivers/directory_client.h"
#include "net/drivers/node_loop.h"
#include "net/file_spool.h"
#include "net/os_random.h"
#include "net/storage/client_store.h"
#include "net/websocket.h"

namespace nym::net {

/// A client on real sockets: its gateway link, its local websocket for applications, its directory and its reply store.
/// Lives on its runtime's thread; destroying it closes everything.
class ClientDriver {
 public:
  using OnEvent = std::function<void(const client::Event&)>;
  using OnResponse = std::function<void(app_api::Response)>;
  struct Places {
    std::optional<Endpoint> app;                      ///< where applications connect, if they may
    std::vector<std::string> directories;             ///< base addresses
    ClientStore::Places store;                        ///< a journal iff the configuration wants one
    std::optional<std::filesystem::path> spool = {};  ///< a folder for parts of large messages; else main memory
    AppGate::Rules app_rules{};                       ///< who may connect
    std::filesystem::path app_socket{};               ///< a unix socket where they connect too; empty: none
  };
  struct Started;

  /// Errors: cannot_listen, file_failed, not_found, bad_key_file.
  static Result<Started> start(Runtime& runtime, client::ClientConfig config, const Places& places, OnEvent on_event);
  ~ClientDriver();
  ClientDriver(const ClientDriver&) = delete;
  ClientDriver& operator=(const ClientDriver&) = delete;

  /// Only with a place for applications.
  const Endpoint& app_endpoint() const { return apps_listener_->local_endpoint(); }
  client::Status status() const { return node_.status(); }

  /// An application inside this process, one at most. Neither callback may call back into this object.
  void open_inner_app(OnResponse on_response);
  /// Of the inner application. The events that follow from it come before this returns.
  void request(const app_api::AppRequest& request);

  /// No new work is taken; what has no outcome after `flush` is cancelled. Then the connections are closed in good
  /// order, and `on_stopped` may destroy this. A later call can only shorten the time; its callback counts.
  void shut_down(Duration flush, std::function<void()> on_stopped);

 private:
  ClientDriver(Runtime& runtime, client::ClientConfig config, const Places& places, ClientStore store,
               client::StoredState state, AppGate gate, OnEvent on_event);
  void perform(client::Output output);
  void send_packets();
  void dial_gateway(const client::DialGateway& dial);
  Result<void> listen_for_apps(const Places& places);
  WebSocketListenerOptions app_options() const;
  void on_app_connection(std::unique_ptr<WebSocketConnection> websocket);
  void to_app(client::ToApp& message);
  void to_inner_app(const app_api::Frame& frame);
  void close_app(const client::CloseApp& close);
  WebSocketConnection* find_app(client::AppSessionId session) const;
  void persist(client::Persist persist);
  void commit_all();
  void fetch_topology(client::FetchId id);
  void close_connections();
  void report_if_closed();

  using Loop = NodeLoop<client::Client, client::Input, client::Output>;
  Runtime& runtime_;
  client::AppConfig app_config_;
  AppGate gate_;
  OsRandom random_;
  sphinx::RealSuite suite_;
  OnEvent on_event_;
  ClientStore store_;
  std::unique_ptr<Spool> spool_;
  DirectoryClient directory_;
  client::Client node_;
  Loop loop_;
  ConnectionId gateway_connection_;
  std::unique_ptr<WebSocketConnection> gateway_;
  std::vector<Blob> to_gateway_;  ///< of one mutation
  std::map<client::AppSessionId, std::unique_ptr<WebSocketConnection>> apps_;
  std::uint64_t next_app_ = 1;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
  std::vector<client::Persist> to_commit_;
  Timer commit_timer_;
  std::optional<client::AppSessionId> inner_app_;
  OnResponse on_inner_response_;
  bool is_closing_ = false;
  std::function<void()> on_stopped_;
  Timer closed_timer_;
  std::unique_ptr<WebSocketListener> apps_listener_;
  std::unique_ptr<WebSocketListener> apps_socket_listener_;  ///< on the unix socket, if there is one
};

struct ClientDriver::Started {
  std::unique_ptr<ClientDriver> driver;
  std::string note;  ///< of the reply store, for the log
};

}  // namespace nym::net
