#pragma once

#include <set>

#include "sim/network/client_host.h"
#include "sim/network/gateway_host.h"
#include "sim/network/mixnode_host.h"
#include "sim/network/world.h"

namespace nym::sim {

/// Everybody in a simulated network, by their place among their kind.
struct Cast {
  std::vector<MixnodeHost*> mixnodes;
  std::vector<GatewayHost*> gateways;
  std::vector<ClientHost*> clients;
};

/// Lets the faults of a plan happen when they are due, ends each when its time is over, and all when calm begins.
class FaultDriver {
 public:
  FaultDriver(const Plan& plan, World& world, const Cast& cast, MessageBook& book, RandomSource& random);

  void schedule();
  /// All have happened and those that end have ended.
  bool is_over() const { return coming_ == 0 && active_.empty(); }
  /// No further fault begins, and every fault ends but what is killed.
  void heal();

 private:
  using Undo = std::function<void()>;

  void schedule(std::size_t fault, TimePoint at);
  void begin(std::size_t fault);
  void end(std::uint64_t occurrence);
  void tell(std::size_t fault, FaultMoved::Step step);
  /// What ends it again; nothing for what is over at once.
  Undo apply(const FaultAction& action, Duration length);
  Undo apply(const LinkFault& fault);
  Undo apply(const Partition& fault);
  Undo apply(const SwizzleClog& fault, Duration length);
  Undo crash(HostId host, DiskState disk);
  Undo on_disk(NodeName node, const std::function<Undo(Disk&)>& fault);
  Undo fail_nth(const FailNth& fault);
  template <class OnHost>
  Undo on_each(const NodeSet& nodes, const OnHost& on_host);
  void down(HostId host);
  void up(HostId host);
  void excuse_clients_of(NodeName gateway);

  struct Active {
    std::size_t fault = 0;
    Undo undo;
  };

  const Plan& plan_;
  World& world_;
  const Cast& cast_;
  MessageBook& book_;
  std::unique_ptr<RandomSource> random_;
  std::size_t coming_ = 0;
  bool is_calm_ = false;
  std::uint64_t next_occurrence_ = 1;
  std::map<std::uint64_t, Active> active_;
  std::map<HostId, int> crashes_;  ///< that overlap
};

}  // namespace nym::sim
