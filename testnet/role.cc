#include "testnet/role.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "engine/base/text_encoding.h"
#include "net/files.h"
#include "net/http_client.h"
#include "net/metrics/metrics_server.h"
#include "testnet/control.h"
#include "testnet/directory_server.h"
#include "testnet/error.h"
#include "testnet/inner_node.h"
#include "testnet/listed_hops.h"
#include "testnet/up.h"

namespace nym::testnet {
namespace {

constexpr Duration kAskUnknownNode = Duration::milliseconds(200);
constexpr Duration kAskKnownNode = Duration::seconds(5);
constexpr const char* kNodePage = "/node.json";

Result<Endpoint> endpoint_of(const std::string& text, std::string_view option) {
  if (auto endpoint = parse_endpoint(text)) return *endpoint;
  return fail(TestnetError::bad_usage,
              fmt::format("'{}' is no address for {}; write it like 127.0.0.1:1789", text, option));
}

std::uint32_t number_in(const std::string& name) {
  auto digits = name.find_last_not_of("0123456789");
  auto number = name.substr(digits == std::string::npos ? 0 : digits + 1);
  return number.empty() || number.size() > 6 ? 1U : static_cast<std::uint32_t>(std::max(std::stoul(number), 1UL));
}

Result<NodePlan> plan_of(const RoleOptions& options) {
  NodePlan plan{options.role, number_in(options.name) - 1, options.name, options.layer};
  NYM_TRY(plan.mix, endpoint_of(options.listen, "--listen"));
  if (options.role == Role::gateway) {
    NYM_TRY(plan.clients, endpoint_of(options.clients, "--clients"));
  }
  if (!options.http.empty()) {
    NYM_TRY(plan.http, endpoint_of(options.http, "--http"));
  }
  return plan;
}

Result<net::Detours> detours_of(const nlohmann::json& request) {
  net::Detours detours;
  for (const auto& pair : request.value("detours", nlohmann::json::array())) {
    bool is_pair = pair.is_array() && pair.size() == 2 && pair[0].is_string() && pair[1].is_string();
    auto address = is_pair ? parse_endpoint(pair[0].get<std::string>()) : std::nullopt;
    auto really = is_pair ? parse_endpoint(pair[1].get<std::string>()) : std::nullopt;
    if (!address || !really) return fail(TestnetError::control_failed, "a detour is a pair of addresses");
    detours.emplace(*address, *really);
  }
  return detours;
}

Result<KnownHops> known_hops_of(const nlohmann::json& request) {
  auto list = request.value("addresses", nlohmann::json());
  if (!list.is_array()) return KnownHops();
  std::set<Endpoint> known;
  for (const auto& one : list) {
    auto address = one.is_string() ? parse_endpoint(one.get<std::string>()) : std::nullopt;
    if (!address) return fail(TestnetError::control_failed, "these are no addresses");
    known.insert(*address);
  }
  return KnownHops(std::move(known));
}

Result<ByteArray<32>> beginning_of(const nlohmann::json& request) {
  auto bytes = from_hex(request.contains("begin") && request["begin"].is_string() ? request["begin"].get<std::string>()
                                                                                  : std::string());
  ByteArray<32> begin{};
  if (!bytes || bytes->size() != begin.size()) {
    return fail(TestnetError::control_failed, "a packet's beginning is 64 hexadecimal digits");
  }
  std::copy(bytes->begin(), bytes->end(), begin.begin());
  return begin;
}

void answer_control(Node& node, net::Runtime& runtime, const nlohmann::json& request, const ControlAnswer& answer) {
  using Answer = nlohmann::ordered_json;
  auto command = request.value("command", "");
  if (command == "status") return answer(Answer{{"state", to_string(node.state())}});
  if (command == "down") {
    answer(Answer::object());
    return runtime.post([&runtime] { runtime.stop(); });
  }
  if (command == "watch") {
    auto begin = beginning_of(request);
    if (!begin) return answer(std::unexpected(begin.error()));
    return node.watch(*begin, [answer](TimePoint at) { answer(Json{{"at_ns", at.ns()}}); });
  }
  if (command == "known-hops") {
    auto known = known_hops_of(request);
    if (!known) return answer(std::unexpected(known.error()));
    node.set_known_hops(*known);
    return answer(Answer::object());
  }
  if (command == "detours") {
    auto detours = detours_of(request);
    if (!detours) return answer(std::unexpected(detours.error()));
    return node.set_detours(*detours, [answer](const Result<void>&) { answer(Answer::object()); });
  }
  answer(fail(TestnetError::control_failed, fmt::format("'{}' is no command of a node", command)));
}

/// A node of its own process: what it is listed as, and what can be asked of it.
template <class Inner>
Result<int> serve(const RoleOptions& options, const NodePlan& plan, const net::NodeKeys& keys,
                  const std::string& listing) {
  net::Runtime runtime;
  typename Inner::Setup setup{plan, keys, options.directory};
  Inner node(runtime, std::move(setup), NodeLog());
  Result<void> started;
  node.start([&](Result<void> result) { started = std::move(result); });
  NYM_TRY_VOID(started);
  std::optional<ListedHops> hops;
  if (!options.listed_by.empty()) hops.emplace(runtime, options.listed_by, node);
  std::unique_ptr<net::MetricsServer> http;
  auto further = [&listing](std::string_view path) -> std::optional<net::HttpAnswer> {
    if (path != kNodePage) return std::nullopt;
    return net::HttpAnswer{.content_type = "application/json", .body = listing};
  };
  if (!options.http.empty()) {
    NYM_TRY(http, net::MetricsServer::start(runtime, plan.http, node.role_metrics(), further));
  }
  NYM_TRY(auto control, ControlServer::start(runtime, options.directory,
                                             [&](const nlohmann::json& request, const ControlAnswer& answer) {
                                               answer_control(node, runtime, request, answer);
                                             }));
  runtime.on_signals([&] { runtime.stop(); }, [&] { runtime.stop(); });
  runtime.run();
  return 0;
}

/// Asks nodes for what they are listed as.
class Listing {
 public:
  Listing(net::Runtime& runtime, DirectoryServer& server, const DirectoryOptions& options)
      : http_(runtime), server_(server), options_(options) {
    for (const auto& address : options.nodes) nodes_.push_back({address, std::nullopt, nullptr});
    for (std::size_t i = 0; i < nodes_.size(); ++i) {
      nodes_[i].timer = std::make_unique<net::Timer>(runtime, [this, i] { ask(i); });
      nodes_[i].timer->arm_after(Duration());
    }
  }

  /// Addresses of nodes that never answered.
  std::string missing() const {
    std::string out;
    for (const auto& node : nodes_) {
      if (!node.page) out += (out.empty() ? "" : " ") + node.address;
    }
    return out;
  }
  static Result<void> check(const DirectoryOptions& options) {
    for (const auto& address : options.nodes) NYM_TRY_VOID(page_of(address));
    return {};
  }

 private:
  struct Known {
    std::string address;
    std::optional<nlohmann::json> page;
    std::unique_ptr<net::Timer> timer;
  };
  static Result<net::Url> page_of(const std::string& address) {
    bool has_scheme = address.find("://") != std::string::npos;
    NYM_TRY(auto url, net::parse_url(has_scheme ? address : "http://" + address));
    url.path = kNodePage;
    return url;
  }

  void ask(std::size_t i) {
    auto url = page_of(nodes_[i].address);
    if (url) http_.get(*url, [this, i](const Result<net::HttpResponse>& response) { on_answer(i, response); });
  }

  void on_answer(std::size_t i, const Result<net::HttpResponse>& response) {
    auto& node = nodes_[i];
    auto page =
        response && response->status == 200 ? nlohmann::json::parse(response->body, nullptr, false) : nlohmann::json();
    if (page.is_object() && node.page != page) {
      node.page = std::move(page);
      publish();
    }
    node.timer->arm_after(node.page ? kAskKnownNode : kAskUnknownNode);
  }

  void publish() {
    std::vector<topology::MixnodeDetails> mixnodes;
    std::vector<topology::GatewayBond> gateways;
    auto take = [](const nlohmann::json& page, const char* key, auto parse, auto& into) {
      auto list = parse(page.value(key, nlohmann::json::array()).dump());
      if (list) into.insert(into.end(), list->begin(), list->end());
    };
    for (const auto& node : nodes_) {
      if (!node.page) continue;
      take(*node.page, "mixnodes", topology::parse_mixnodes, mixnodes);
      take(*node.page, "gateways", topology::parse_gateways, gateways);
    }
    auto documents = directory_documents(mixnodes, gateways);
    if (!options_.directory.empty()) (void)write_documents(documents, options_.directory);  // served all the same
    server_.publish(std::move(documents));
  }

  net::HttpClient http_;
  DirectoryServer& server_;
  const DirectoryOptions& options_;
  std::vector<Known> nodes_;
};

class DirectoryMetrics final : public net::RoleMetrics {
 public:
  void watch(const Listing& listing) { listing_ = &listing; }
  std::string why_not_ready() const override {
    if (listing_ == nullptr) return "the directory is starting";
    auto missing = listing_->missing();
    return missing.empty() ? "" : "these nodes did not answer yet: " + missing;
  }

 private:
  void refresh() override { ready_.Set(why_not_ready().empty() ? 1 : 0); }
  const Listing* listing_ = nullptr;
  prometheus::Gauge& ready_ = metrics().gauge("nym_directory_ready", "1 when every node is listed.");
};

}  // namespace

Result<int> run_node(const RoleOptions& options) {
  raise_file_limit();
  NYM_TRY(auto plan, plan_of(options));
  if (!options.listed_by.empty()) NYM_TRY_VOID(net::parse_url(options.listed_by));
  NYM_TRY_VOID(net::make_directories(options.directory));
  NYM_TRY(auto lock, net::DirectoryLock::take(options.directory));
  NYM_TRY(auto keys, load_or_make_keys(options.directory));
  auto host = options.announce.empty() ? to_string(plan.mix.address) : options.announce;
  nlohmann::json page{{"mixnodes", nlohmann::json::array()}, {"gateways", nlohmann::json::array()}};
  if (options.role == Role::mixnode) {
    std::vector listed{listing_of_mixnode(plan, keys, host)};
    page["mixnodes"] = nlohmann::json::parse(topology::to_json(listed));
    return serve<InnerMixnode>(options, plan, keys, page.dump());
  }
  std::vector listed{listing_of_gateway(plan, keys, host)};
  page["gateways"] = nlohmann::json::parse(topology::to_json(listed));
  return serve<InnerGateway>(options, plan, keys, page.dump());
}

Result<int> run_directory(const DirectoryOptions& options) {
  NYM_TRY(auto where, endpoint_of(options.listen, "--listen"));
  NYM_TRY_VOID(Listing::check(options));
  net::Runtime runtime;
  DirectoryMetrics health;
  net::MetricsPages pages;
  pages.add(health);
  NYM_TRY(auto server, DirectoryServer::start(runtime, where, &pages));
  server->publish(directory_documents({}, {}));
  Listing listing(runtime, *server, options);
  health.watch(listing);
  fmt::print("directory http://{}\n", to_string(server->local_endpoint()));
  std::fflush(stdout);
  runtime.on_signals([&] { runtime.stop(); }, [&] { runtime.stop(); });
  runtime.run();
  return 0;
}

}  // namespace nym::testnet
