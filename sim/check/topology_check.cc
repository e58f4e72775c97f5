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

  void on_sample(TimePoint now, const NetworkView& network) override {
    for (std::uint32_t i = 0; i < clients_.size(); ++i) {
      auto& since = clients_[i];
      auto status = network.client_status(i);
      bool is_lost = status && status->gateway == client::GatewayState::ready && !status->topology_usable;
      if (!is_lost) {
        since.reset();
        continue;
      }
      if (!since) since = now;
      if (now - *since <= kPatience) continue;
      complaints_.add(now, Verdict::liveness,
                      fmt::format("c{} is connected and has had no topology for {} s although there is one", i + 1,
                                  kPatience.whole_seconds()));
    }
  }

 private:
  Complaints& complaints_;
  std::vector<std::optional<TimePoint>> clients_;  ///< since when each can only wait
};

}  // namespace

std::unique_ptr<Observer> make_topology_check(const Plan& plan, Complaints& complaints) {
  return std::make_unique<TopologyCheck>(plan, complaints);
}

}  // namespace nym::sim
