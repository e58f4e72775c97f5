#include "testnet/directory_server.h"

#include <fmt/format.h>

namespace nym::testnet {
namespace {

constexpr const char* kJson = "application/json";

// The path without its query, each run of slashes as one.
std::string normal_path(std::string_view target) {
  std::string path;
  for (char c : target.substr(0, target.find('?'))) {
    if (c != '/' || path.empty() || path.back() != '/') path.push_back(c);
  }
  if (path.size() > 1 && path.back() == '/') path.pop_back();
  return path;
}

}  // namespace

Result<std::unique_ptr<DirectoryServer>> DirectoryServer::start(net::Runtime& runtime, const Endpoint& where) {
  std::unique_ptr<DirectoryServer> made(new DirectoryServer);
  auto* self = made.get();
  net::HttpServerOptions options;
  options.allowed_origin = "*";
  NYM_TRY(made->server_,
          net::HttpServer::listen(
              runtime, where, [self](const net::HttpRequest& request) { return self->answer(request); }, options));
  return made;
}

void DirectoryServer::publish(const std::vector<topology::MixnodeDetails>& mixnodes,
                              const std::vector<topology::GatewayBond>& gateways) {
  mixnodes_ = topology::to_json(mixnodes);
  gateways_ = topology::to_json(gateways);
}

std::string DirectoryServer::url() const {
  return fmt::format("http://{}", to_string(server_->local_endpoint()));
}

net::HttpAnswer DirectoryServer::answer(const net::HttpRequest& request) const {
  if (request.method != "GET" && request.method != "HEAD") return {405, "text/plain", "only GET is served here\n", {}};
  auto path = normal_path(request.target);
  if (path.starts_with("/api/")) path.erase(0, 4);
  if (path == "/v1/gateways") return {200, kJson, gateways_, {}};
  if (path == "/v1/mixnodes/active" || path == "/v1/mixnodes") return {200, kJson, mixnodes_, {}};
  return {404, "text/plain", fmt::format("nothing is at {}\n", path), {}};
}

}  // namespace nym::testnet
