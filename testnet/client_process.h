#pragma once

#include "net/runtime.h"
#include "testnet/client_node.h"

namespace nym::testnet {

/// A real `nym-client` process: initialised, then run, in a home of its own.
class ClientProcess {
 public:
  struct Place {
    std::filesystem::path program;
    std::filesystem::path home;
    std::string directory_url;
  };
  /// `nym-client init`. Error: what it printed last.
  static Result<ClientProcess> initialise(net::Runtime& runtime, const Place& place, const std::string& id,
                                          const std::string& gateway);
  /// `nym-client run` on a free port, until it says where it listens. Error: what it printed last.
  Result<void> run(net::Runtime& runtime, const std::vector<std::string>& further_options = {});

  const std::string& address() const { return address_; }
  const std::string& websocket_url() const { return websocket_url_; }
  /// The one that runs.
  ChildProcess& process() { return *process_; }
  /// What `run` has written to its log so far.
  std::string log() const;

 private:
  ClientProcess(Place place, std::string id) : place_(std::move(place)), id_(std::move(id)) {}
  ChildProcess::Options options(const char* step) const;
  std::string last_words(const char* step) const;

  Place place_;
  std::string id_;
  std::string address_;
  std::string websocket_url_;
  std::optional<ChildProcess> process_;
};

}  // namespace nym::testnet
