#pragma once

#include "engine/client/client.h"
#include "engine/sphinx/real_suite.h"
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
  struct Places {
    Endpoint app;                          ///< where applications connect
    std::vector<std::string> directories;  ///< base addresses
    ClientStore::Places store;             ///< a journal iff the configuration wants one
    std::filesystem::path spool;           ///< a folder for parts of large messages
  };
  struct Started;

  /// Errors: cannot_listen, file_failed.
  static Result<Started> start(Runtime& runtime, client::ClientConfig config, const Places& places, OnEvent on_event);
  ~ClientDriver();
  ClientDriver(const ClientDriver&) = delete;
  ClientDriver& operator=(const ClientDriver&) = delete;

  const Endpoint& app_endpoint() const { return apps_listener_->local_endpoint(); }
  /// No new work is taken; messages without an outcome are cancelled.
  void shut_down();

 private:
  ClientDriver(Runtime& runtime, client::ClientConfig config, const Places& places, ClientStore store,
               client::StoredState state, OnEvent on_event);
  void perform(client::Output output);
  void dial_gateway(const client::DialGateway& dial);
  void on_app_connection(std::unique_ptr<WebSocketConnection> websocket);
  void to_app(const client::ToApp& message);
  void persist(client::Persist persist);
  void commit_all();
  void fetch_topology(client::FetchId id);

  using Loop = NodeLoop<client::Client, client::Input, client::Output>;
  Runtime& runtime_;
  OsRandom random_;
  sphinx::RealSuite suite_;
  OnEvent on_event_;
  ClientStore store_;
  FileSpool spool_;
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
};

struct ClientDriver::Started {
  std::unique_ptr<ClientDriver> driver;
  std::string note;  ///< of the reply store, for the log
};

}  // namespace nym::net
