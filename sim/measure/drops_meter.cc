#include <fmt/format.h>

#include <map>

#include "sim/measure/kinds.h"
#include "sim/measure/limits.h"
#include "sim/measure/series.h"
#include "sim/measure/timed_meter.h"

namespace nym::sim {
namespace {

constexpr std::size_t kLossReasons = 6;
constexpr std::size_t kMostReasons = 3 * static_cast<std::size_t>(DropReason::count_) + kLossReasons + 1;

/// What went no further, by who dropped it and why: nodes, clients, links.
class DropsMeter : public TimedMeter {
 public:
  explicit DropsMeter(const Plan& plan) : TimedMeter(plan.measure), window_(plan.measure.window) {}

  void on_mixnode_event(TimePoint now, std::uint32_t, const mixnode::Event& event) override {
    if (const auto* dropped = std::get_if<mixnode::PacketDropped>(&event))
      count(now, "mixnode", to_string(dropped->reason));
  }
  void on_gateway_event(TimePoint now, std::uint32_t, const gateway::Event& event) override {
    if (const auto* dropped = std::get_if<gateway::Dropped>(&event)) count(now, "gateway", to_string(dropped->reason));
  }
  void on_client_event(TimePoint now, std::uint32_t, const client::Event& event) override {
    if (const auto* dropped = std::get_if<client::Dropped>(&event)) count(now, "client", to_string(dropped->reason));
    if (const auto* parts = std::get_if<client::ReceptionGivenUp>(&event)) {
      count(now, "client", "reception_given_up", static_cast<double>(parts->fragments));
    }
  }
  void on_frame_lost(TimePoint now, const FrameLost& lost) override { count(now, "link", to_string(lost.reason)); }

  void add_to(Measurements& measurements) const override {
    double all = 0;
    for (const auto& [name, sums] : dropped_) {
      measurements.figures.push_back({Metric::drops, name, "", sums.total()});
      measurements.series.push_back({Metric::drops, name, "1/s", sums.rates(end())});
      all += sums.total();
    }
    measurements.figures.push_back({Metric::drops, "drops", "", all});
  }

 private:
  void count(TimePoint now, std::string_view where, std::string_view why, double amount = 1) {
    auto at = touch(now);
    if (!at) return;
    auto name = fmt::format("drops.{}.{}", where, why);
    auto place = dropped_.find(name);
    if (place == dropped_.end()) {
      place = dropped_.emplace(name, WindowSums(warm_up(), window_, points_each(kMostReasons))).first;
    }
    place->second.add(*at, amount);
  }

  Duration window_;
  std::map<std::string, WindowSums> dropped_;  ///< at most kMostReasons
};

}  // namespace

std::unique_ptr<Meter> make_drops_meter(const Plan& plan) {
  return std::make_unique<DropsMeter>(plan);
}

}  // namespace nym::sim
