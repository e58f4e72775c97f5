#include "testnet/directory_server.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "net/files.h"

namespace nym::testnet {
namespace {

constexpr const char* kJson = "application/json";
constexpr unsigned kPublicFile = 0644;

using Json = nlohmann::ordered_json;

Json performance() {
  return {{"most_recent", "1"}, {"last_hour", "1"}, {"last_24h", "1"}};
}

// 03 §13.5: what a node's own directory would know of its stake and how well it works.
std::string annotated_mixnodes(const std::string& details) {
  auto list = Json::array();
  for (auto& one : Json::parse(details)) {
    list.push_back({{"mixnode_details", std::move(one)},
                    {"stake_saturation", "0.5"},
                    {"uncapped_stake_saturation", "0.5"},
                    {"performance", "1"},
                    {"node_performance", performance()},
                    {"estimated_operator_apy", "0"},
                    {"estimated_delegators_apy", "0"},
                    {"family", nullptr},
                    {"blacklisted", false}});
  }
  return list.dump();
}

std::string annotated_gateways(const std::string& bonds) {
  auto list = Json::array();
  for (auto& one : Json::parse(bonds)) {
    list.push_back({{"gateway_bond", std::move(one)},
                    {"performance", "1"},
                    {"node_performance", performance()},
                    {"blacklisted", false}});
  }
  return list.dump();
}

}  // namespace

Documents directory_documents(const std::vector<topology::MixnodeDetails>& mixnodes,
                              const std::vector<topology::GatewayBond>& gateways) {
  auto mixnode_list = topology::to_json(mixnodes);
  auto gateway_list = topology::to_json(gateways);
  auto annotated = annotated_mixnodes(mixnode_list);
  return {{"/v1/gateways", gateway_list},
          {"/v1/mixnodes", mixnode_list},
          {"/v1/mixnodes/active", mixnode_list},
          {"/v1/mixnodes/rewarded", mixnode_list},
          {"/v1/mixnodes/detailed", annotated},
          {"/v1/mixnodes/active/detailed", annotated},
          {"/v1/mixnodes/rewarded/detailed", annotated},
          {"/v1/status/mixnodes/detailed", annotated},
          {"/v1/status/mixnodes/active/detailed", annotated},
          {"/v1/status/mixnodes/rewarded/detailed", annotated},
          {"/v1/status/gateways/detailed", annotated_gateways(gateway_list)}};
}

Result<void> write_documents(const Documents& documents, const std::filesystem::path& folder) {
  for (const auto& [path, text] : documents) {
    auto below = documents.lower_bound(path + "/");
    bool is_folder = below != documents.end() && below->first.starts_with(path + "/");
    auto file = folder / path.substr(1);
    if (is_folder) file /= "index.html";
    NYM_TRY_VOID(net::make_directories(file.parent_path()));
    NYM_TRY_VOID(net::write_file_atomically(file, as_bytes(text), kPublicFile));
  }
  return {};
}

std::string document_path(std::string_view target) {
  std::string path;
  for (char c : target.substr(0, target.find('?'))) {
    if (c != '/' || path.empty() || path.back() != '/') path.push_back(c);
  }
  if (path.size() > 1 && path.back() == '/') path.pop_back();
  if (path.starts_with("/api/")) path.erase(0, 4);
  return path;
}

/// What it was asked, and what it refused.
class DirectoryServer::Figures final : public net::RoleMetrics {
 public:
  std::string why_not_ready() const override { return {}; }
  void answered() { requests_.Increment(); }
  void refused(DropReason reason) { refused_[reason].Increment(); }

 private:
  void refresh() override {}

  prometheus::Counter& requests_ =
      metrics().counter("nym_directory_requests_total", "Requests that the directory answered.");
  net::ByKind<DropReason, prometheus::Counter> refused_ =
      metrics().counters("nym_directory_dropped_total", "Connections that brought no proper request, by reason.",
                         "reason", static_cast<DropReason>(static_cast<std::size_t>(DropReason::count_) - 1));
};

DirectoryServer::DirectoryServer(net::MetricsPages* pages) : figures_(std::make_unique<Figures>()), pages_(pages) {
  if (pages_ != nullptr) pages_->add(*figures_);
}
DirectoryServer::~DirectoryServer() = default;

Result<std::unique_ptr<DirectoryServer>> DirectoryServer::start(net::Runtime& runtime, const Endpoint& where,
                                                                net::MetricsPages* pages) {
  std::unique_ptr<DirectoryServer> made(new DirectoryServer(pages));
  auto* self = made.get();
  net::HttpServerOptions options;
  options.allowed_origin = "*";
  options.on_refused = [self](DropReason reason) { self->figures_->refused(reason); };
  NYM_TRY(made->server_,
          net::HttpServer::listen(
              runtime, where, [self](const net::HttpRequest& request) { return self->answer(request); }, options));
  return made;
}

Result<void> DirectoryServer::publish(const std::vector<topology::MixnodeDetails>& mixnodes,
                                      const std::vector<topology::GatewayBond>& gateways,
                                      const std::filesystem::path& folder) {
  publish(directory_documents(mixnodes, gateways));
  return write_documents(documents_, folder);
}

net::HttpAnswer DirectoryServer::answer(const net::HttpRequest& request) const {
  figures_->answered();
  // A browser asks first when a page's request has headers of its own.
  if (request.method == "OPTIONS") {
    return {.status = 204,
            .headers = {{"Access-Control-Allow-Methods", "GET, HEAD, OPTIONS"},
                        {"Access-Control-Allow-Headers", "*, content-type, accept, authorization"},
                        {"Access-Control-Max-Age", "600"}}};
  }
  if (request.method != "GET") {
    return {.status = 405, .body = "only GET is served here\n", .headers = {{"Allow", "GET, HEAD, OPTIONS"}}};
  }
  auto path = document_path(request.target);
  auto document = documents_.find(path);
  if (document != documents_.end()) return {.content_type = kJson, .body = document->second};
  auto page = pages_ != nullptr ? pages_->answer(path) : std::nullopt;
  if (page) return *std::move(page);
  return {.status = 404, .body = fmt::format("nothing is at {}\n", path)};
}

}  // namespace nym::testnet
