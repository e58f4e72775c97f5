#pragma once

#include "sim/check/delivery_checker.h"
#include "sim/network/hosts.h"
#include "sim/record/verdict.h"

namespace nym::sim {

/// What a run came to.
struct Report {
  Verdict verdict = Verdict::pass;
  std::string violation;  ///< one line, empty for a pass
  std::uint64_t events = 0;
  std::uint64_t packets = 0;  ///< sent on any link
  std::uint64_t replays = 0;  ///< packets that a node refused because it had seen them
  Duration simulated;
  std::string fingerprint;
};

/// Builds the network of a plan from one seed and runs it until everything is delivered and acknowledged, something
/// forbidden happens, or its time is over.
class Simulation {
 public:
  Simulation(const Plan& plan, Fidelity fidelity, std::uint64_t seed);
  Report run();
  /// For tests that look on or interfere.
  World& world() { return world_; }
  ClientHost& client(std::size_t index) { return *clients_[index]; }
  const DeliveryChecker& deliveries() const { return deliveries_; }
  HostId gateway_host(std::size_t index) const;
  HostId client_host(std::size_t index) const { return clients_[index]->id(); }

 private:
  void add_mixnodes();
  void add_gateways();
  void add_clients();
  void schedule_messages();
  void schedule_faults();
  void apply(const Fault& fault, NodeName node);
  bool is_finished() const;
  std::optional<app_api::Request> on_received(std::size_t client, const app_api::Received& message);
  app_api::Request request_for(std::size_t message) const;

  HostId host_of(NodeName node) const;

  const Plan& plan_;
  SeededRandom random_;
  std::unique_ptr<sphinx::Suite> suite_;
  World world_;
  topology::Snapshot topology_;
  std::vector<ClientHost*> clients_;
  std::vector<PlannedMessage> messages_;
  DeliveryChecker deliveries_;
  std::size_t expected_acknowledged_ = 0;
};

}  // namespace nym::sim
