#pragma once

#include "sim/check/checkers.h"
#include "sim/network/fault_driver.h"
#include "sim/record/verdict.h"

namespace nym::sim {

/// How one run is made; see RunSettings.
struct SimulationSettings {
  Fidelity fidelity = Fidelity::model;
  std::uint64_t seed = 1;
  unsigned threads = 1;  ///< for cryptography; changes no result
};

/// The network of a plan, made from one seed. Runs in two phases: work, in which messages are sent and faults happen;
/// then calm: everything is healed, nothing new is sent, and every message must come to its end.
class Simulation final : private NetworkView, private NetworkAccess {
 public:
  Simulation(const Plan& plan, const SimulationSettings& settings);
  ~Simulation() override;

  void add(Observer& observer) { world_.witnesses().add(observer); }
  void add(Interceptor& interceptor);
  /// Until everything has come to its end, something forbidden happened, the time is over, or `is_enough` says so.
  void run(const std::function<bool()>& is_enough = [] { return false; });

  const std::vector<Violation>& violations() const { return violations_; }
  const MessageBook& book() const { return book_; }
  Duration simulated() const { return world_.now() - kRunStart; }
  World& world() { return world_; }
  const Cast& cast() const { return cast_; }
  ClientHost& client(std::size_t index) { return *cast_.clients[index]; }

 private:
  mixnode::Config mixnode_config(const crypto::X25519KeyPair& keys) const;
  void add_mixnodes();
  void add_gateways();
  void add_clients();
  void add_client(std::uint32_t index, const ClientOptions& options, const topology::Gateway& gateway);
  void add_checkers();
  void schedule_work();
  void schedule_next(std::size_t source);
  void schedule_sample();
  bool work_is_over() const { return sources_left_ == 0 && faults_.is_over() && book_.is_settled(); }
  Duration calm_limit() const;
  void step_until(TimePoint limit, const std::function<bool()>& is_enough, const std::function<bool()>& is_done);
  /// Whether so many are this share of what is expected.
  bool is_at_least(std::uint64_t count, Probability share) const;
  void judge();
  void violate(Verdict kind, std::string text);
  void tell(Phase phase);

  // NetworkView
  std::optional<std::size_t> held_packets(std::uint32_t mixnode) const override;
  std::size_t inbox_messages(std::uint32_t gateway) const override;
  std::optional<client::Status> client_status(std::uint32_t client) const override;
  // NetworkAccess
  TimePoint now() const override { return world_.now(); }
  const topology::Snapshot& topology() const override { return *topology_; }
  const sphinx::Suite& suite() const override { return *suite_; }
  void inject(TimePoint at, NodeName to, wire::MixFrame frame) override;
  void schedule(TimePoint at, std::function<void()> action) override { world_.schedule_action(at, std::move(action)); }

  struct Source {
    std::unique_ptr<WorkSource> source;
    std::optional<Work> next;
  };

  const Plan& plan_;
  SeededRandom random_;
  std::unique_ptr<sphinx::Suite> suite_;
  std::optional<Preparer> preparer_;  ///< in real fidelity
  World world_;
  std::shared_ptr<topology::Snapshot> topology_ = std::make_shared<topology::Snapshot>();
  Cast cast_;
  MessageBook book_;
  std::vector<std::unique_ptr<Observer>> checkers_;
  FaultDriver faults_;
  std::vector<Source> sources_;
  std::size_t sources_left_ = 0;
  std::uint64_t planned_bytes_ = 0;
  std::vector<Violation> violations_;
};

}  // namespace nym::sim
