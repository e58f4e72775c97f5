#pragma once

#include <map>

#include "engine/gateway/gateway.h"
#include "sim/network/disk.h"
#include "sim/network/following_suite.h"
#include "sim/network/host.h"

namespace nym::sim {

class World;

/// With its disk, which survives crashes.
class GatewayHost final : public Host {
 public:
  GatewayHost(World& world, HostId id, gateway::Config config, const sphinx::Suite& suite,
              std::unique_ptr<RandomSource> random);
  void handle(TimePoint now, HostInput& input) override;
  void handle_timeout(TimePoint now) override;
  std::optional<TimePoint> next_deadline() const override;
  void crash() override {
    node_.reset();
    if (replays_) replays_->forget();
  }
  void lose_disk() override;
  /// Makes sure that it refuses what it had before.
  void watch_replays(Complaints& complaints);

  Disk& disk() { return disk_; }
  const gateway::Gateway* node() const { return node_ ? &*node_ : nullptr; }
  std::size_t inbox_messages() const { return rows_.size(); }

 private:
  void start();
  void drain();
  void perform(gateway::Output& output);
  void on_event(const gateway::Event& event);
  void commit(const gateway::Persist& persist);
  void store(const gateway::StoreOperation& operation);
  gateway::StoredState stored_state() const;
  gateway::InboxRead read_inbox(const gateway::ReadInbox& request) const;

  using Row = std::pair<gateway::ClientAddress, gateway::StoredMessageId>;

  World& world_;
  HostId id_;
  gateway::Config config_;
  std::optional<ReplayWatch> replays_;  ///< lent to the suite
  FollowingSuite suite_;
  std::unique_ptr<RandomSource> random_;
  int starts_ = 0;
  std::optional<gateway::Gateway> node_;
  Disk disk_;
  std::map<gateway::ClientAddress, gateway::ClientRecord> clients_;
  std::map<Row, Blob> rows_;
  std::map<gateway::StoredMessageId, gateway::ClientAddress> owners_;
  std::int64_t next_row_ = 1;
};

}  // namespace nym::sim
