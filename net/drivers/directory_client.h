#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "engine/topology/topology.h"
#include "net/http_client.h"
#include "net/runtime.h"

namespace nym::net {

/// Asks a directory for its lists (03 §13.1) and resolves the host names in them. After a failure the next address of
/// the list is asked the next time.
class DirectoryClient {
 public:
  /// At least one base address.
  DirectoryClient(Runtime& runtime, std::vector<std::string> base_urls);

  struct ListedGateways {
    std::vector<topology::Gateway> gateways;
    std::vector<std::string> left_out;
  };
  /// `/v1/gateways`. Errors name the address and what to do.
  void fetch_gateways(std::function<void(Result<ListedGateways>)> done);
  /// `/v1/mixnodes/active`, then `/v1/gateways`.
  void fetch_topology(std::function<void(Result<topology::BuiltSnapshot>)> done);

 private:
  struct Lists;
  void get(const std::string& path, std::function<void(Result<std::string>)> done);
  void resolve_hosts(std::shared_ptr<Lists> lists, std::function<void()> done);

  Runtime& runtime_;
  HttpClient http_;
  std::vector<std::string> base_urls_;
  std::size_t current_ = 0;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace nym::net
