#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine/topology/directory_documents.h"
#include "net/http_server.h"

namespace nym::testnet {

/// The lists that clients ask a directory for (03 §15), over HTTP; repeated slashes in a path count as one.
class DirectoryServer {
 public:
  /// Error: cannot_listen.
  static Result<std::unique_ptr<DirectoryServer>> start(net::Runtime& runtime, const Endpoint& where);

  void publish(const std::vector<topology::MixnodeDetails>& mixnodes,
               const std::vector<topology::GatewayBond>& gateways);
  /// `http://127.0.0.1:PORT`
  std::string url() const;

 private:
  DirectoryServer() = default;
  net::HttpAnswer answer(const net::HttpRequest& request) const;

  std::string mixnodes_ = "[]";
  std::string gateways_ = "[]";
  std::unique_ptr<net::HttpServer> server_;
};

}  // namespace nym::testnet
