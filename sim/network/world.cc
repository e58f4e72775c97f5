#include "sim/network/world.h"

#include "engine/base/overloaded.h"

namespace nym::sim {

HostId World::add(std::unique_ptr<Host> host, const std::optional<Endpoint>& mix_endpoint, const std::string& url) {
  HostId id{static_cast<std::uint32_t>(hosts_.size())};
  hosts_.push_back({std::move(host), std::nullopt});
  if (mix_endpoint) mix_endpoints_.emplace(*mix_endpoint, id);
  if (!url.empty()) websocket_urls_.emplace(url, id);
  return id;
}

bool World::step(TimePoint limit) {
  if (queue_.empty() || queue_.next_at() > limit) return false;
  auto entry = queue_.pop();
  now_ = entry.at;
  auto& host = hosts_[entry.event.to.value];
  if (std::holds_alternative<TimerDue>(entry.event.input)) {
    if (host.armed != now_) return true;  // armed anew since
    host.armed.reset();
  }
  ++events_;
  fingerprint_.add(now_.ns());
  fingerprint_.add(entry.event.to.value);
  fingerprint_.add(entry.event.input.index());
  host.host->handle(now_, std::move(entry.event.input));
  arm(entry.event.to);
  return true;
}

void World::arm(HostId id) {
  auto& entry = hosts_[id.value];
  auto deadline = entry.host->next_deadline();
  if (!deadline) {
    entry.armed.reset();
    return;
  }
  auto at = std::max(*deadline, now_);
  if (entry.armed == at) return;
  entry.armed = at;
  schedule_at(at, id, TimerDue{});
}

Duration World::draw_latency() {
  return links_.fixed + draw_exponential(*latencies_, links_.mean_jitter);
}

// A connection keeps its order: nothing overtakes what was sent before.
TimePoint World::arrival(TimePoint& last) {
  last = std::max(last, now_ + draw_latency());
  return last;
}

void World::dial_link(HostId from, ConnectionId connection, const Endpoint& to) {
  auto target = mix_endpoints_.find(to);
  if (target == mix_endpoints_.end()) {
    relay::LinkClosed refused{connection, CloseReason::refused};
    schedule(draw_latency(), from, mixnode::Input(refused));
    return;
  }
  open_links_[{from, connection}] = {target->second, now_};
  schedule(draw_latency(), from, mixnode::Input(relay::LinkOpened{connection}));
}

void World::send_frame(HostId from, ConnectionId connection, wire::MixFrame frame) {
  auto link = open_links_.find({from, connection});
  if (link == open_links_.end()) return;
  count_packet();
  schedule_at(arrival(link->second.last), link->second.to, mixnode::Input(relay::FrameReceived{std::move(frame)}));
  schedule(Duration(), from, mixnode::Input(relay::LinkWritten{connection, 1}));
}

void World::dial_gateway(HostId from, ClientKind kind, ConnectionId connection, const std::string& url) {
  auto target = websocket_urls_.find(url);
  if (target == websocket_urls_.end()) {
    Socket refused{from, kind, connection};
    return to_client(refused, now_ + draw_latency(),
                     client::GatewayClosed{connection, CloseReason::refused, "connection refused"});
  }
  auto socket = std::make_shared<Socket>(
      Socket{from, kind, connection, target->second, ConnectionId{next_incoming_++}, now_, now_});
  by_client_[{from, connection}] = socket;
  by_gateway_[{target->second, socket->at_gateway}] = socket;
  schedule_at(arrival(socket->last_to_gateway), target->second,
              gateway::Input(gateway::ClientConnected{socket->at_gateway}));
  to_client(*socket, arrival(socket->last_to_client), client::GatewayOpened{connection});
}

void World::send_to_gateway(HostId from, ConnectionId connection, gateway::Input message) {
  auto found = by_client_.find({from, connection});
  if (found == by_client_.end()) return;
  auto& socket = *found->second;
  std::visit(Overloaded{
                 [&](gateway::ClientText& text) { text.connection = socket.at_gateway; },
                 [&](gateway::ClientBinary& binary) { binary.connection = socket.at_gateway; },
                 [](auto&) {},
             },
             message);
  schedule_at(arrival(socket.last_to_gateway), socket.gateway, std::move(message));
  if (socket.kind == ClientKind::client) {
    schedule(Duration(), from, client::Input(client::GatewayWritten{connection, 1}));
  }
}

void World::send_to_client(HostId gateway, ConnectionId connection, std::variant<std::string, Blob> message) {
  auto found = by_gateway_.find({gateway, connection});
  if (found == by_gateway_.end()) return;
  auto& socket = *found->second;
  auto at = arrival(socket.last_to_client);
  if (auto* text = std::get_if<std::string>(&message)) {
    to_client(socket, at, client::GatewayText{socket.at_client, std::move(*text)});
  } else {
    to_client(socket, at, client::GatewayBinary{socket.at_client, std::get<Blob>(message)});
  }
  schedule(Duration(), gateway, gateway::Input(gateway::ClientWritten{connection, 1}));
}

void World::to_client(const Socket& socket, TimePoint at, client::Registration::Input input) {
  if (socket.kind == ClientKind::registration) return schedule_at(at, socket.client, std::move(input));
  auto widened = std::visit([](auto& one) { return client::Input(std::move(one)); }, input);
  schedule_at(at, socket.client, std::move(widened));
}

void World::close_from_client(HostId from, ConnectionId connection) {
  auto found = by_client_.find({from, connection});
  if (found == by_client_.end()) return;
  auto socket = found->second;
  schedule_at(arrival(socket->last_to_gateway), socket->gateway,
              gateway::Input(gateway::ClientDisconnected{socket->at_gateway}));
  by_gateway_.erase({socket->gateway, socket->at_gateway});
  by_client_.erase(found);
}

void World::close_from_gateway(HostId gateway, ConnectionId connection) {
  auto found = by_gateway_.find({gateway, connection});
  if (found == by_gateway_.end()) return;
  auto socket = found->second;
  to_client(*socket, arrival(socket->last_to_client),
            client::GatewayClosed{socket->at_client, CloseReason::finished, "closed by the gateway"});
  by_client_.erase({socket->client, socket->at_client});
  by_gateway_.erase(found);
}

}  // namespace nym::sim
