#include "net/drivers/directory_client.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "engine/base/check.h"
#include "net/error.h"
#include "net/resolver.h"

namespace nym::net {

/// What was fetched, and the addresses of its host names.
struct DirectoryClient::Lists {
  std::vector<topology::MixnodeDetails> mixnodes;
  std::vector<topology::GatewayBond> gateways;
  std::map<std::string, std::optional<std::variant<Ipv4, Ipv6>>, std::less<>> addresses;
  std::size_t unresolved = 0;

  topology::Resolve resolve() const {
    return [this](const std::string& host) -> std::optional<std::variant<Ipv4, Ipv6>> {
      auto found = addresses.find(host);
      return found == addresses.end() ? std::nullopt : found->second;
    };
  }
};

DirectoryClient::DirectoryClient(Runtime& runtime, std::vector<std::string> base_urls)
    : runtime_(runtime), http_(runtime), base_urls_(std::move(base_urls)) {
  NYM_CHECK(!base_urls_.empty());
}

void DirectoryClient::get(const std::string& path, std::function<void(Result<std::string>)> done) {
  auto base = parse_url(base_urls_[current_]);
  if (!base) {
    return runtime_.post([done, error = base.error(), alive = std::weak_ptr<bool>(alive_)] {
      if (!alive.expired()) done(std::unexpected(error));
    });
  }
  std::vector<std::string_view> segments{"v1"};
  for (std::string_view rest = path; !rest.empty();) {
    auto slash = rest.find('/');
    segments.push_back(rest.substr(0, slash));
    rest = slash == std::string_view::npos ? std::string_view() : rest.substr(slash + 1);
  }
  auto url = append_segments(*base, segments);
  http_.get(url, [this, url, done](Result<HttpResponse> response) {
    bool usable = response && response->status / 100 == 2;
    if (usable) return done(std::move(response->body));
    current_ = (current_ + 1) % base_urls_.size();
    if (!response) return done(std::unexpected(response.error()));
    auto code = response->status == 404 || response->status == 410 ? NetError::not_found : NetError::bad_response;
    done(fail(code, fmt::format("{} answered with status {}", to_string(url), response->status)));
  });
}

void DirectoryClient::fetch_gateways(std::function<void(Result<ListedGateways>)> done) {
  get("gateways", [this, done](Result<std::string> body) {
    if (!body) return done(std::unexpected(body.error()));
    auto parsed = topology::parse_gateways(*body);
    if (!parsed) return done(std::unexpected(parsed.error()));
    auto lists = std::make_shared<Lists>();
    lists->gateways = std::move(*parsed);
    resolve_hosts(lists, [lists, done] {
      ListedGateways listed;
      for (const auto& bond : lists->gateways) {
        auto gateway = topology::convert(bond, lists->resolve());
        if (gateway) {
          listed.gateways.push_back(std::move(*gateway));
        } else {
          listed.left_out.push_back(gateway.error().text());
        }
      }
      done(std::move(listed));
    });
  });
}

void DirectoryClient::fetch_topology(std::function<void(Result<topology::BuiltSnapshot>)> done) {
  get("mixnodes/active", [this, done](Result<std::string> mixnodes) {
    if (!mixnodes) return done(std::unexpected(mixnodes.error()));
    auto parsed = topology::parse_mixnodes(*mixnodes);
    if (!parsed) return done(std::unexpected(parsed.error()));
    auto lists = std::make_shared<Lists>();
    lists->mixnodes = std::move(*parsed);
    get("gateways", [this, lists, done](Result<std::string> gateways) {
      if (!gateways) return done(std::unexpected(gateways.error()));
      auto bonds = topology::parse_gateways(*gateways);
      if (!bonds) return done(std::unexpected(bonds.error()));
      lists->gateways = std::move(*bonds);
      resolve_hosts(
          lists, [lists, done] { done(topology::build_snapshot(lists->mixnodes, lists->gateways, lists->resolve())); });
    });
  });
}

// IP literals need no look-up; each name is looked up once. A look-up that outlives this client is ignored.
void DirectoryClient::resolve_hosts(std::shared_ptr<Lists> lists, std::function<void()> done) {
  auto note = [&](const std::string& host) {
    if (!parse_ip(host)) lists->addresses.emplace(host, std::nullopt);
  };
  for (const auto& node : lists->mixnodes) note(node.host);
  for (const auto& gateway : lists->gateways) note(gateway.host);
  lists->unresolved = lists->addresses.size();
  if (lists->unresolved == 0) return done();
  std::vector<std::string> hosts;
  for (const auto& [host, address] : lists->addresses) hosts.push_back(host);
  for (const auto& host : hosts) {
    std::weak_ptr<bool> alive = alive_;
    resolve(runtime_, host, 0, [lists, host, done, alive](Result<std::vector<Endpoint>> addresses) {
      if (alive.expired()) return;
      if (addresses) lists->addresses[host] = addresses->front().address;
      if (--lists->unresolved == 0) done();
    });
  }
}

}  // namespace nym::net
