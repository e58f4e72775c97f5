#include <fmt/format.h>

#include <algorithm>

#include "sim/check/checkers.h"
#include "sim/plan/nodes.h"

namespace nym::sim {
namespace {

/// So many in so long a time without one acknowledgement are no accident: each alone comes back nine times of ten.
constexpr std::uint32_t kMost = 12;
constexpr Duration kLongest = Duration::seconds(30);

class RetransmissionCheck final : public Observer {
 public:
  RetransmissionCheck(const Plan& plan, Complaints& complaints)
      : complaints_(complaints), clients_(std::min(client_count(plan), kCheckedClients)) {}

  bool wants(Frequent what) const override { return what == Frequent::client_event; }
  void on_phase(TimePoint, Phase phase) override { is_calm_ = phase == Phase::calm; }

  void on_client_event(TimePoint now, std::uint32_t client, const client::Event& event) override {
    if (!is_calm_ || client >= clients_.size()) return;
    auto& vain = clients_[client];
    bool is_new_start = std::holds_alternative<client::AckReceived>(event) ||
                        std::holds_alternative<client::GatewayStateChanged>(event);
    if (is_new_start) vain = {};
    const auto* sent = std::get_if<client::PacketSent>(&event);
    if (sent == nullptr || sent->kind != client::PacketKind::retransmission) return;
    if (vain.count++ == 0) vain.since = now;
    if (vain.count < kMost || now - vain.since < kLongest) return;
    complaints_.add(now, Verdict::liveness,
                    fmt::format("c{} has sent {} packets again in {} s of calm, and none was acknowledged", client + 1,
                                vain.count, (now - vain.since).whole_seconds()));
  }

 private:
  struct InVain {
    std::uint32_t count = 0;
    TimePoint since;
  };

  Complaints& complaints_;
  std::vector<InVain> clients_;
  bool is_calm_ = false;
};

}  // namespace

std::unique_ptr<Observer> make_retransmission_check(const Plan& plan, Complaints& complaints) {
  return std::make_unique<RetransmissionCheck>(plan, complaints);
}

}  // namespace nym::sim
