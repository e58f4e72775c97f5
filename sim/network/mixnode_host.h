#pragma once

#include "engine/mixnode/mixnode.h"
#include "sim/network/following_suite.h"
#include "sim/network/host.h"

namespace nym::sim {

class World;

class MixnodeHost final : public Host {
 public:
  MixnodeHost(World& world, HostId id, mixnode::Config config, const sphinx::Suite& suite,
              std::unique_ptr<RandomSource> random);
  void handle(TimePoint now, HostInput& input) override;
  void handle_timeout(TimePoint now) override;
  std::optional<TimePoint> next_deadline() const override;
  void crash() override {
    node_.reset();
    suite_.forget();
    if (replays_) replays_->forget();
  }
  /// Makes sure that it refuses what it had before.
  void watch_replays(Complaints& complaints);

  const mixnode::Mixnode* node() const { return node_ ? &*node_ : nullptr; }

 private:
  void start(TimePoint now);
  void drain();
  void perform(mixnode::Output& output);
  void on_event(const mixnode::Event& event);

  World& world_;
  HostId id_;
  mixnode::Config config_;
  std::optional<ReplayWatch> replays_;  ///< lent to the suite
  FollowingSuite suite_;
  std::unique_ptr<RandomSource> random_;
  int starts_ = 0;
  std::optional<mixnode::Mixnode> node_;
};

}  // namespace nym::sim
