#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "engine/topology/directory_documents.h"
#include "net/http_server.h"
#include "net/metrics/metrics_server.h"

namespace nym::testnet {

using Documents = std::map<std::string, std::string>;  ///< by path
/// Everything that programs of v1.1.29 ask a directory for (03 §13, §15), and the annotated lists beside it (03 §13.5).
Documents directory_documents(const std::vector<topology::MixnodeDetails>& mixnodes,
                              const std::vector<topology::GatewayBond>& gateways);
/// For any server of static files: a document whose path is a folder as well is `index.html` in it. Error: file_failed.
Result<void> write_documents(const Documents& documents, const std::filesystem::path& folder);

/// The path of a request without its query, each run of slashes as one, without the `/api` that clients of the public
/// network put in front.
std::string document_path(std::string_view target);

/// These documents over HTTP, for pages of any origin; and the figures and the health of the network.
class DirectoryServer {
 public:
  /// `pages`, which may be null and shows its figures too, is not asked any more once it is gone. Error: cannot_listen.
  static Result<std::unique_ptr<DirectoryServer>> start(net::Runtime& runtime, const Endpoint& where,
                                                        net::MetricsPages* pages = nullptr);

  ~DirectoryServer();

  void publish(Documents documents) { documents_ = std::move(documents); }
  /// The same, and as files.
  Result<void> publish(const std::vector<topology::MixnodeDetails>& mixnodes,
                       const std::vector<topology::GatewayBond>& gateways, const std::filesystem::path& folder);
  const Endpoint& local_endpoint() const { return server_->local_endpoint(); }

 private:
  class Figures;
  explicit DirectoryServer(net::MetricsPages* pages);
  net::HttpAnswer answer(const net::HttpRequest& request) const;

  std::unique_ptr<Figures> figures_;
  net::MetricsPages* pages_;
  Documents documents_;
  std::unique_ptr<net::HttpServer> server_;
};

}  // namespace nym::testnet
