#pragma once

#include <functional>

#include "sim/measure/measurements.h"

namespace nym::sim {

/// Which clients can send and receive, and for how long: their machine is up, their gateway session stands, and they
/// know the network.
class Presence {
 public:
  /// Told of every stretch of time, after `begin`, in which a client was ready.
  using OnReady = std::function<void(std::uint32_t client, Duration from, Duration to)>;

  struct Client {
    NodeState node = NodeState::up;
    client::GatewayState gateway = client::GatewayState::disconnected;
    bool has_topology = true;  ///< until it says that it has none
    std::optional<Duration> ready_since{};

    bool is_ready() const { return node == NodeState::up && gateway == client::GatewayState::ready && has_topology; }
  };

  Presence(std::uint32_t clients, Duration begin) : clients_(clients), begin_(begin) {}
  /// `at` is since the start.
  void on_event(Duration at, std::uint32_t client, const client::Event& event, const OnReady& on_ready);
  void on_state(Duration at, std::uint32_t client, NodeState state, const OnReady& on_ready);
  /// The stretches that are still open.
  void finish(Duration end, const OnReady& on_ready) const;

  const std::vector<Client>& clients() const { return clients_; }

 private:
  void update(Duration at, std::uint32_t client, const OnReady& on_ready);
  void tell(std::uint32_t client, Duration to, const OnReady& on_ready) const;

  std::vector<Client> clients_;
  Duration begin_;
};

}  // namespace nym::sim
