#include "sim/measure/presence.h"

#include <algorithm>

namespace nym::sim {

void Presence::on_event(Duration at, std::uint32_t client, const client::Event& event, const OnReady& on_ready) {
  if (client >= clients_.size()) return;
  if (const auto* gateway = std::get_if<client::GatewayStateChanged>(&event)) clients_[client].gateway = gateway->state;
  if (const auto* topology = std::get_if<client::TopologyChanged>(&event)) {
    clients_[client].has_topology = topology->usable;
  }
  update(at, client, on_ready);
}

void Presence::on_state(Duration at, std::uint32_t client, NodeState state, const OnReady& on_ready) {
  if (client >= clients_.size()) return;
  clients_[client].node = state;
  if (state == NodeState::down) clients_[client].gateway = client::GatewayState::disconnected;
  update(at, client, on_ready);
}

void Presence::update(Duration at, std::uint32_t client, const OnReady& on_ready) {
  auto& its = clients_[client];
  if (its.is_ready() == its.ready_since.has_value()) return;
  if (its.is_ready()) {
    its.ready_since = at;
    return;
  }
  tell(client, at, on_ready);
  its.ready_since.reset();
}

void Presence::tell(std::uint32_t client, Duration to, const OnReady& on_ready) const {
  auto from = std::max(*clients_[client].ready_since, begin_);
  if (to > from) on_ready(client, from, to);
}

void Presence::finish(Duration end, const OnReady& on_ready) const {
  for (std::uint32_t i = 0; i < clients_.size(); ++i) {
    if (clients_[i].ready_since) tell(i, end, on_ready);
  }
}

}  // namespace nym::sim
