#include <fmt/format.h>

#include "sim/check/checkers.h"

namespace nym::sim {
namespace {

class CopyCheck final : public Observer {
 public:
  explicit CopyCheck(Complaints& complaints) : complaints_(complaints) {}

  bool wants(Frequent what) const override { return what == Frequent::node_event; }
  void on_mixnode_event(TimePoint now, std::uint32_t mixnode, const mixnode::Event& event) override {
    const auto* drop = std::get_if<mixnode::PacketDropped>(&event);
    if (drop != nullptr && drop->reason == DropReason::replayed) complain(now, {NodeKind::mixnode, mixnode});
  }
  void on_gateway_event(TimePoint now, std::uint32_t gateway, const gateway::Event& event) override {
    const auto* drop = std::get_if<gateway::Dropped>(&event);
    if (drop != nullptr && drop->reason == DropReason::replayed) complain(now, {NodeKind::gateway, gateway});
  }

 private:
  void complain(TimePoint now, NodeName node) {
    complaints_.add(now, Verdict::safety,
                    fmt::format("{} saw a packet for the second time although nothing copies packets: a SURB was used "
                                "twice",
                                to_text(node)));
  }

  Complaints& complaints_;
};

}  // namespace

std::unique_ptr<Observer> make_copy_check(const Plan&, Complaints& complaints) {
  return std::make_unique<CopyCheck>(complaints);
}

}  // namespace nym::sim
