#include "testnet/links.h"

#include "engine/topology/topology.h"

namespace nym::testnet {
namespace {

/// Answers when all parts have, with the first error.
class Gather {
 public:
  explicit Gather(Node::Done done) : done_(std::move(done)) {}
  ~Gather() { done_(std::move(result_)); }
  Gather(const Gather&) = delete;
  Gather& operator=(const Gather&) = delete;
  void add(Result<void> part) {
    if (!part && result_) result_ = std::move(part);
  }

 private:
  Node::Done done_;
  Result<void> result_;
};

}  // namespace

Result<void> Links::add_client(std::size_t client, std::size_t gateway) {
  const auto& plan = *ends_[client].plan;
  NYM_TRY(auto relay, Relay::start(runtime_, random_, Transport::websocket,
                                   {plan.relay, Endpoint{host_, ends_[gateway].plan->clients.port}}));
  clients_.push_back({client, gateway, std::move(relay)});
  return {};
}

LinkQuality Links::quality_of(const std::vector<LinkRule>& rules, std::size_t from, std::size_t to) const {
  LinkQuality quality;
  for (const auto& rule : rules) {
    if (!rule.concerns(from, to)) continue;
    quality.apply(rule.change);
    quality.is_cut = quality.is_cut || rule.cuts;
  }
  return quality;
}

bool Links::are_neighbours(const NodePlan& from, const NodePlan& to) const {
  if (from.role == Role::gateway) return to.role == Role::mixnode && to.layer == 1;
  if (from.role != Role::mixnode) return false;
  if (from.layer == topology::kLayers) return to.role == Role::gateway;
  return to.role == Role::mixnode && to.layer == from.layer + 1;
}

Result<void> Links::relay_between(std::size_t from, std::size_t to, const LinkQuality& quality) {
  auto known = between_.find({from, to});
  if (quality.changes_nothing()) {
    if (known == between_.end()) return {};
    known->second.is_wanted = false;
    known->second.relay->set_quality(quality, {});
    return {};
  }
  if (known == between_.end()) {
    Endpoint target{host_, ends_[to].plan->mix.port};
    NYM_TRY(auto relay, Relay::start(runtime_, random_, Transport::frames, {Endpoint{host_, 0}, target}));
    known = between_.emplace(std::pair(from, to), Between{std::move(relay)}).first;
  }
  known->second.is_wanted = true;
  known->second.relay->set_quality(quality, {});
  return {};
}

void Links::apply(const std::vector<LinkRule>& rules, Node::Done done) {
  auto gather = std::make_shared<Gather>(std::move(done));
  std::map<std::size_t, net::Detours> detours;
  for (std::size_t from = 0; from < ends_.size(); ++from) {
    for (std::size_t to = 0; to < ends_.size(); ++to) {
      if (!are_neighbours(*ends_[from].plan, *ends_[to].plan)) continue;
      gather->add(relay_between(from, to, quality_of(rules, from, to)));
      auto found = between_.find({from, to});
      if (found == between_.end() || !found->second.is_wanted) continue;
      auto port = found->second.relay->local_endpoint().port;
      detours[from].emplace(known_as(ends_[to].plan->mix), Endpoint{dialed_, port});
    }
  }
  for (std::size_t from = 0; from < ends_.size(); ++from) {
    if (detours_[from] == detours[from]) continue;
    ends_[from].node->set_detours(detours[from], [gather](Result<void> part) { gather->add(std::move(part)); });
  }
  detours_ = std::move(detours);
  for (auto& link : clients_) {
    link.relay->set_quality(quality_of(rules, link.client, link.gateway), quality_of(rules, link.gateway, link.client));
  }
}

void Links::cut_sessions(std::size_t gateway) {
  for (auto& link : clients_) {
    if (link.gateway == gateway) link.relay->cut_connections();
  }
}

void Links::look() {
  std::erase_if(between_, [](const auto& entry) { return !entry.second.is_wanted && entry.second.relay->is_idle(); });
}

}  // namespace nym::testnet
