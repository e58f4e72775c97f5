#include "testnet/layout.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <numeric>
#include <set>

#include "engine/topology/topology.h"
#include "net/error.h"
#include "net/files.h"
#include "net/os_random.h"
#include "testnet/error.h"
#include "testnet/limits.h"

namespace nym::testnet {
namespace {

constexpr std::size_t kMaxPortsFile = std::size_t{1} << 20U;
// Below the ports that the system gives to outgoing connections: a node that restarts finds its port free.
constexpr std::uint16_t kFirstPort = 10'000;
constexpr std::uint16_t kLastPort = 32'000;
constexpr int kTries = 500;

std::unexpected<Error> bad_layout(std::string text) {
  return fail(TestnetError::bad_layout, std::move(text));
}

Result<std::vector<std::uint32_t>> parse_layers(const std::string& text) {
  std::vector<std::uint32_t> counts;
  std::string digits;
  for (char c : text + ",") {
    if (c >= '0' && c <= '9' && digits.size() < 4) {
      digits.push_back(c);
    } else if (c == ',' && !digits.empty()) {
      counts.push_back(static_cast<std::uint32_t>(std::stoul(std::exchange(digits, {}))));
    } else {
      return bad_layout(fmt::format("'{}' are no layers; write 3, or how many mixnodes each has: 2,3,4", text));
    }
  }
  return counts;
}

bool is_free(const Endpoint& endpoint) {
  const auto* v4 = std::get_if<Ipv4>(&endpoint.address);
  int number = ::socket(v4 != nullptr ? AF_INET : AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (number < 0) return false;
  int on = 1;
  ::setsockopt(number, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
  sockaddr_in address4{};
  sockaddr_in6 address6{};
  address4.sin_family = AF_INET;
  address6.sin6_family = AF_INET6;
  address4.sin_port = address6.sin6_port = htons(endpoint.port);
  if (v4 != nullptr) {
    std::copy(v4->octets.begin(), v4->octets.end(), reinterpret_cast<std::uint8_t*>(&address4.sin_addr));
  } else {
    const auto& octets = std::get<Ipv6>(endpoint.address).octets;
    std::copy(octets.begin(), octets.end(), reinterpret_cast<std::uint8_t*>(&address6.sin6_addr));
  }
  const auto* generic =
      v4 != nullptr ? reinterpret_cast<const sockaddr*>(&address4) : reinterpret_cast<const sockaddr*>(&address6);
  bool bound = ::bind(number, generic, v4 != nullptr ? sizeof(address4) : sizeof(address6)) == 0;
  ::close(number);
  return bound;
}

/// Gives out ports by name: the remembered one, the next one from the base on, or a free one.
class PortBook {
 public:
  PortBook(const Layout& layout, nlohmann::json remembered)
      : host_(*parse_ip(layout.host)), next_(layout.port_base), base_(layout.port_base) {
    bool is_of_this = remembered.is_object() && remembered.value("host", "") == layout.host &&
                      remembered.value("port_base", 0) == layout.port_base;
    auto ports = is_of_this ? remembered.value("ports", nlohmann::json::object()) : nlohmann::json::object();
    for (const auto& [name, port] : ports.items()) {
      if (port.is_number_unsigned()) ports_[name] = port.get<std::uint16_t>();
    }
    for (const auto& [name, port] : ports_) taken_.insert(port);
  }

  Endpoint take(const std::string& name) {
    auto known = ports_.find(name);
    if (known != ports_.end() && base_ == 0) return {host_, known->second};
    auto port = base_ != 0 ? next_++ : choose();
    ports_[name] = port;
    taken_.insert(port);
    return {host_, port};
  }
  bool is_exhausted() const { return is_exhausted_; }
  nlohmann::json to_json(const Layout& layout) const {
    return {{"host", layout.host}, {"port_base", layout.port_base}, {"ports", ports_}};
  }

 private:
  std::uint16_t choose() {
    for (int i = 0; i < kTries; ++i) {
      auto port = static_cast<std::uint16_t>(kFirstPort + draw_below(random_, kLastPort - kFirstPort));
      if (!taken_.contains(port) && is_free({host_, port})) return port;
    }
    is_exhausted_ = true;
    return 0;
  }

  std::variant<Ipv4, Ipv6> host_;
  std::uint16_t next_;
  std::uint16_t base_;
  net::OsRandom random_;
  bool is_exhausted_ = false;
  std::map<std::string, std::uint16_t> ports_;
  std::set<std::uint16_t> taken_;
};

NodePlan node(Role role, std::uint32_t index) {
  const char* prefix = role == Role::mixnode ? "mix" : role == Role::gateway ? "gw" : "c";
  return {role, index, fmt::format("{}{}", prefix, index + 1)};
}

}  // namespace

Result<std::vector<std::uint32_t>> spread_mixnodes(std::uint32_t mixnodes, const std::string& layers) {
  constexpr auto kLayers = static_cast<std::uint32_t>(topology::kLayers);
  NYM_TRY(auto counts, parse_layers(layers));
  if (counts == std::vector<std::uint32_t>{kLayers}) {
    counts.clear();
    for (std::uint32_t i = 0; i < kLayers; ++i) counts.push_back(mixnodes / kLayers + (i < mixnodes % kLayers ? 1 : 0));
    return counts;
  }
  if (counts.size() != kLayers) return bad_layout("the protocol has exactly 3 layers; write 3, or like 2,3,4");
  auto sum = std::accumulate(counts.begin(), counts.end(), 0U);
  if (mixnodes == 0 || mixnodes == sum) return counts;
  return bad_layout(fmt::format("layers {} have {} mixnodes, not {}", layers, sum, mixnodes));
}

Result<void> check(const Layout& layout) {
  auto mixnodes = std::accumulate(layout.mixnodes.begin(), layout.mixnodes.end(), 0U);
  bool is_small =
      mixnodes <= limits::kMixnodes && layout.gateways <= limits::kGateways && layout.clients <= limits::kClients;
  if (!is_small) {
    return bad_layout(fmt::format("a network has at most {} mixnodes, {} gateways and {} clients", limits::kMixnodes,
                                  limits::kGateways, limits::kClients));
  }
  if (layout.gateways == 0) return bad_layout("a network needs a gateway");
  if (!parse_ip(layout.host)) return bad_layout(fmt::format("'{}' is no IP address to listen on", layout.host));
  bool is_everywhere = layout.host == "0.0.0.0" || layout.host == "::";
  if (is_everywhere && layout.announce.empty()) {
    return bad_layout(
        fmt::format("others cannot connect to {}; say with --announce under which address they find it", layout.host));
  }
  bool has_empty = std::find(layout.mixnodes.begin(), layout.mixnodes.end(), 0U) != layout.mixnodes.end();
  if (has_empty) return bad_layout("every layer needs a mixnode: use at least 3 of them");
  auto least = mixnodes * 15 / 100;
  auto most = mixnodes * 66 / 100;
  for (auto count : layout.mixnodes) {
    if (count >= least && count <= most) continue;
    return bad_layout(fmt::format("clients refuse mixnodes spread like {}: each layer must have 15 to 66 % of them",
                                  fmt::join(layout.mixnodes, ",")));
  }
  return {};
}

Result<NetworkPlan> plan_network(const Layout& layout, const std::filesystem::path& directory) {
  auto file = directory / "ports.json";
  auto content = net::read_file(file, kMaxPortsFile);
  auto remembered = content ? nlohmann::json::parse(as_text(*content), nullptr, false) : nlohmann::json();
  PortBook ports(layout, std::move(remembered));
  NetworkPlan plan{ports.take("directory"), {}};
  // What programs from outside connect to comes first, so that a range of ports can be published.
  std::vector<NodePlan> gateways;
  for (std::uint32_t i = 0; i < layout.gateways; ++i) {
    auto gateway = node(Role::gateway, i);
    gateway.clients = ports.take(gateway.name + " clients");
    gateways.push_back(std::move(gateway));
  }
  std::vector<NodePlan> clients;
  for (std::uint32_t i = 0; i < layout.clients; ++i) {
    auto client = node(Role::client, i);
    client.app = ports.take(client.name + " app");
    clients.push_back(std::move(client));
  }
  for (auto& gateway : gateways) gateway.mix = ports.take(gateway.name + " mix");
  for (std::uint8_t layer = 1; layer <= topology::kLayers; ++layer) {
    for (std::uint32_t i = 0; i < layout.mixnodes[layer - 1U]; ++i) {
      auto mixnode = node(Role::mixnode, static_cast<std::uint32_t>(plan.nodes.size()));
      mixnode.layer = layer;
      mixnode.mix = ports.take(mixnode.name + " mix");
      plan.nodes.push_back(std::move(mixnode));
    }
  }
  for (auto& client : clients) client.relay = ports.take(client.name + " relay");
  for (auto* some : {&gateways, &clients}) plan.nodes.insert(plan.nodes.end(), some->begin(), some->end());
  for (auto& one : plan.nodes) one.http = ports.take(one.name + " http");
  if (ports.is_exhausted()) {
    return fail(net::NetError::cannot_listen,
                fmt::format("there are no free ports at {}; use --port-base", layout.host));
  }
  NYM_TRY_VOID(net::write_file_atomically(file, as_bytes(ports.to_json(layout).dump(1))));
  return plan;
}

}  // namespace nym::testnet
