#include "testnet/network.h"

#include <fmt/format.h>

#include "net/clock.h"
#include "testnet/child_node.h"
#include "testnet/error.h"
#include "testnet/inner_node.h"
#include "testnet/limits.h"

namespace nym::testnet {

std::filesystem::path log_file(const std::filesystem::path& directory, const std::string& node) {
  return directory / "logs" / (node + ".log");
}

/// Whether the network as a whole can do its work.
class Network::Health final : public net::RoleMetrics {
 public:
  explicit Health(const Network& network) : network_(network) {}
  std::string why_not_ready() const override {
    for (const auto& member : network_.members_) {
      auto state = member.node->state();
      if (state != NodeState::ready) return fmt::format("{} is {}", member.plan.name, to_string(state));
    }
    return {};
  }

 private:
  void refresh() override {
    std::map<NodeState, double> counts;
    for (const auto& member : network_.members_) ++counts[member.node->state()];
    for (std::size_t i = 0; i <= static_cast<std::size_t>(NodeState::stopped); ++i) {
      auto state = static_cast<NodeState>(i);
      nodes_[state].Set(counts[state]);
    }
  }

  const Network& network_;
  net::ByKind<NodeState, prometheus::Gauge> nodes_ =
      metrics().gauges("nym_testnet_nodes", "Nodes of this network, by state.", "state", NodeState::stopped);
};

Network::Network(net::Runtime& runtime, NetworkOptions options)
    : runtime_(runtime),
      options_(std::move(options)),
      health_(std::make_unique<Health>(*this)),
      faults_(runtime, *this),
      look_timer_(runtime, [this] { look(); }) {
  pages_.add(*health_);
}

Network::~Network() {
  for (auto& member : members_) member.node->stop();  // all at once; each is waited for when it is destroyed
}

Result<std::unique_ptr<Network>> Network::start(net::Runtime& runtime, const std::filesystem::path& directory) {
  NetworkOptions options;
  options.directory = directory;
  return start(runtime, options);
}

Result<std::unique_ptr<Network>> Network::start(net::Runtime& runtime, const NetworkOptions& options) {
  NYM_TRY_VOID(check(options.layout));
  std::unique_ptr<Network> network(new Network(runtime, options));
  NYM_TRY_VOID(network->open());
  return network;
}

Result<void> Network::open() {
  NYM_TRY_VOID(net::make_directories(options_.directory / "logs"));
  options_.directory = std::filesystem::absolute(options_.directory);
  auto lock = net::DirectoryLock::take(options_.directory);
  if (!lock) {
    return fail(net::NetError::locked, fmt::format("a network runs there already: {}; use another --dir, or stop it "
                                                   "with 'nym-testnet down --dir {}'",
                                                   lock.error().text(), options_.directory.string()));
  }
  lock_.emplace(std::move(*lock));
  NYM_TRY(auto plan, plan_network(options_.layout, options_.directory));
  members_.reserve(plan.nodes.size());
  for (const auto& node : plan.nodes) NYM_TRY_VOID(add(node));
  NYM_TRY_VOID(start_directory(plan.directory));
  return start_all();
}

Result<void> Network::add(const NodePlan& plan) {
  const auto& host = options_.layout.announced();
  Member member{plan, nullptr, std::nullopt, {}};
  auto log = log_file(options_.directory, plan.name);
  if (plan.role == Role::client) {
    const auto& gateway = gateway_list_[plan.index % gateway_list_.size()];
    auto node =
        std::make_unique<ClientNode>(runtime_, ClientNode::Setup{plan, options_.client_program, folder_of(plan), log,
                                                                 gateway.identity_key, options_.client_options});
    member.client = node.get();
    member.node = std::move(node);
    member.gateway = fmt::format("gw{}", plan.index % gateway_list_.size() + 1);
    members_.push_back(std::move(member));
    return {};
  }
  NYM_TRY(member.keys, load_or_make_keys(folder_of(plan)));
  bool is_inner = options_.nodes == NetworkOptions::Nodes::in_this_process;
  if (plan.role == Role::mixnode) mixnode_list_.push_back(listing_of_mixnode(plan, *member.keys, host));
  if (plan.role == Role::gateway) gateway_list_.push_back(listing_of_gateway(plan, *member.keys, host));
  prometheus::Labels labels{{"node", plan.name}};
  if (!is_inner) {
    member.node = std::make_unique<ChildNode>(runtime_, ChildNode::Setup{plan, folder_of(plan), log, host});
  } else if (plan.role == Role::mixnode) {
    InnerMixnode::Setup setup{plan, *member.keys, folder_of(plan), labels};
    member.node = std::make_unique<InnerMixnode>(runtime_, std::move(setup), NodeLog(log));
  } else {
    InnerGateway::Setup setup{plan, *member.keys, folder_of(plan), labels};
    member.node = std::make_unique<InnerGateway>(runtime_, std::move(setup), NodeLog(log));
  }
  if (auto* metrics = member.node->metrics()) pages_.add(*metrics);
  members_.push_back(std::move(member));
  return {};
}

Result<void> Network::start_directory(const Endpoint& where) {
  NYM_TRY(directory_, DirectoryServer::start(runtime_, where, &pages_));
  NYM_TRY_VOID(directory_->publish(mixnode_list_, gateway_list_, options_.directory / "directory"));
  directory_url_ = fmt::format("http://{}:{}", options_.layout.announced(), directory_->local_endpoint().port);
  return {};
}

Result<void> Network::start_all() {
  std::vector<Links::End> ends;
  for (auto& member : members_) ends.push_back({&member.plan, member.node.get()});
  auto host = *parse_ip(options_.layout.host);
  auto dialed = parse_ip(options_.layout.announced()).value_or(host);
  links_ = std::make_unique<Links>(runtime_, std::move(ends), host, dialed);
  tell_known_hops();
  starting_ = members_.size() + 1;
  for (std::size_t i = 0; i < members_.size(); ++i) {
    auto& member = members_[i];
    if (member.client != nullptr) {
      member.client->set_directory(directory_url_);
      NYM_TRY(auto gateway, find(member.gateway));
      NYM_TRY_VOID(links_->add_client(i, gateway));
    }
    // A client registers with its gateway, so that one must be there: those in processes start after it.
    bool waits = member.client != nullptr && options_.nodes == NetworkOptions::Nodes::own_processes;
    if (!waits) start_node(i, [this](Result<void> result) { began(std::move(result)); });
    if (!started_) return started_;
  }
  began({});
  look_timer_.arm_after(limits::kLookWhileStarting);
  return started_;
}

// Under a name nodes have addresses that only who resolves it knows.
void Network::tell_known_hops() {
  auto announced = parse_ip(options_.layout.announced());
  if (options_.forward == NetworkOptions::Forward::anywhere || !announced) return;
  std::set<Endpoint> known;
  for (const auto& member : members_) {
    if (member.client == nullptr) known.insert({*announced, member.plan.mix.port});
  }
  for (auto& member : members_) member.node->set_known_hops(known);
}

void Network::began(Result<void> result) {
  if (!result && started_) started_ = std::move(result);
  --starting_;
  if (starting_ > 0 && started_) return;
  for (auto& done : std::exchange(on_ready_, {})) done(started_);
}

void Network::on_ready(Node::Done done) {
  if (starting_ == 0 || !started_) return done(started_);
  on_ready_.push_back(std::move(done));
}

void Network::start_node(std::size_t place, Node::Done done) {
  ++members_[place].starts;
  members_[place].node->start(std::move(done));
}

Result<std::size_t> Network::find(const std::string& name) const {
  for (std::size_t i = 0; i < members_.size(); ++i) {
    if (members_[i].plan.name == name) return i;
  }
  return fail(
      TestnetError::no_such_node,
      fmt::format("there is no node '{}'; nodes have names like mix1, gw1, c1: see 'nym-testnet status'", name));
}

Result<void> Network::restart_gateway(std::size_t index) {
  Result<void> result;
  auto place = mixnode_list_.size() + index;
  members_[place].node->kill();
  start_node(place, [&](Result<void> started) { result = std::move(started); });
  return result;
}

std::vector<const NodePlan*> Network::plans() const {
  std::vector<const NodePlan*> plans;
  for (const auto& member : members_) plans.push_back(&member.plan);
  return plans;
}

// Its keys stay: without them it would be another node.
void Network::forget_state(std::size_t place) {
  std::error_code ignored;
  auto folder = folder_of(members_[place].plan);
  for (const char* file : {"db.sqlite", "db.sqlite-wal", "db.sqlite-shm"}) {
    std::filesystem::remove(folder / file, ignored);
  }
}

NodeState Network::state() const {
  if (on_stopped_) return NodeState::stopped;
  if (starting_ > 0) return NodeState::starting;
  for (const auto& member : members_) {
    if (member.node->state() != NodeState::ready) return NodeState::degraded;
  }
  return NodeState::ready;
}

void Network::look() {
  bool gateways_are_ready = true;
  bool somebody_runs = false;
  for (std::size_t i = 0; i < members_.size(); ++i) {
    auto& member = members_[i];
    member.node->look();
    if (member.plan.role == Role::gateway) gateways_are_ready &= member.node->state() == NodeState::ready;
    bool is_next = member.client != nullptr && member.starts == 0 && gateways_are_ready && !on_stopped_;
    if (is_next) start_node(i, [this](Result<void> result) { began(std::move(result)); });
    somebody_runs |= member.node->pid().has_value();
  }
  links_->look();
  bool is_starting = starting_ > 0 && started_.has_value();
  look_timer_.arm_after(is_starting || on_stopped_ ? limits::kLookWhileStarting : limits::kLook);
  if (!on_stopped_ || (somebody_runs && net::now() < stop_by_)) return;
  for (auto& member : members_) member.node->kill();
  look_timer_.cancel();
  std::exchange(on_stopped_, {})();
}

void Network::shut_down(std::function<void()> done) {
  on_stopped_ = std::move(done);
  stop_by_ = net::now() + limits::kStop;
  for (auto& member : members_) {
    if (member.client != nullptr) member.node->stop();
  }
  for (auto& member : members_) {
    if (member.client == nullptr && member.node->pid()) member.node->stop();
  }
  look_timer_.arm_after(Duration());
}

}  // namespace nym::testnet
