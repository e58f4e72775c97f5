#pragma once

#include "net/http_client.h"
#include "net/http_server.h"
#include "testnet/figures.h"
#include "testnet/tracer.h"

namespace nym::testnet {

/// A live page about a network: `/`, and what it asks for: `/api/state`, `/api/trace` (POST sends a packet). It needs
/// nothing from elsewhere.
class Dashboard {
 public:
  /// The network outlives it. Error: cannot_listen.
  static Result<std::unique_ptr<Dashboard>> start(net::Runtime& runtime, const Endpoint& where, Network& network);
  const Endpoint& local_endpoint() const { return server_->local_endpoint(); }

 private:
  Dashboard(net::Runtime& runtime, Network& network);
  net::HttpAnswer answer(const net::HttpRequest& request);
  void ask_processes();
  void ask(const Network::Member& member);
  nlohmann::ordered_json state();

  Network& network_;
  net::HttpClient http_;
  Tracer tracer_;
  std::map<std::string, std::string> texts_;  ///< what nodes in processes said last
  net::Timer timer_;
  std::unique_ptr<net::HttpServer> server_;
};

/// The page itself.
std::string_view dashboard_page();

}  // namespace nym::testnet
