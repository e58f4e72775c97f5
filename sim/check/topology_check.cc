#include <fmt/format.h>

#include <algorithm>

#include "sim/check/checkers.h"
#include "sim/plan/nodes.h"

namespace nym::sim {
namespace {

/// Far more than some failed fetches and the waits after them.
constexpr Duration kPatience = Duration::minutes(2);

class TopologyCheck final : public Observer {
 public:
  TopologyCheck(const Plan& plan, Complaints& complaints)
      : complaints_(complaints), clients_(std::min(client_count(plan), kCheckedClients)) {}

  bool wants(Frequent) const override { return false; }
  void on_node_state(TimePoint, NodeName node, NodeState state) override {
    bool is_checked = node.kind == NodeKind::client && node.index < clients_.size();
    if (is_checked) clients_[node.index].is_running = state == NodeState::up;
  }

  void on_sample(TimePoint now, const NetworkView& network) override {
    for (std::uint32_t i = 0; i < clients_.size(); ++i) {
      auto& its = clients_[i];
      auto status = network.client_status(i);
      bool is_connected = its.is_running && status && status->gateway == client::GatewayState::ready;
      if (!is_connected || status->topology_usable) {
        its.lost_since.reset();
        continue;
      }
      if (!its.lost_since) its.lost_since = now;
      if (now - *its.lost_since <= kPatience) continue;
      complaints_.add(now, Verdict::liveness,
                      fmt::format("c{} is connected and has had no topology for {} s although there is one", i + 1,
                                  kPatience.whole_seconds()));
    }
  }

 private:
  struct Client {
    bool is_running = true;
    std::optional<TimePoint> lost_since;
  };

  Complaints& complaints_;
  std::vector<Client> clients_;
};

}  // namespace

std::unique_ptr<Observer> make_topology_check(const Plan& plan, Complaints& complaints) {
  return std::make_unique<TopologyCheck>(plan, complaints);
}

}  // namespace nym::sim
