#include "sim/network/world.h"

#include "engine/base/overloaded.h"

namespace nym::sim {

HostId World::add(std::unique_ptr<Host> host, const std::optional<Endpoint>& mix_endpoint, const std::string& url) {
  HostId id{static_cast<std::uint32_t>(hosts_.size())};
  hosts_.push_back({});
  hosts_.back().host = std::move(host);
  if (mix_endpoint) mix_endpoints_.emplace(*mix_endpoint, id);
  if (!url.empty()) websocket_urls_.emplace(url, id);
  return id;
}

bool World::step(TimePoint limit) {
  bool has_event = !queue_.empty() && queue_.next_at() <= limit;
  bool has_action = !actions_.empty() && actions_.begin()->first <= limit;
  if (has_action && (!has_event || actions_.begin()->first <= queue_.next_at())) {
    auto next = actions_.extract(actions_.begin());
    now_ = std::max(now_, next.key());
    next.mapped()();
    return true;
  }
  if (!has_event) return false;
  auto entry = queue_.pop();
  now_ = entry.at;
  handle(std::move(entry.event));
  return true;
}

void World::handle(Pending pending) {
  auto& host = hosts_[pending.to.value];
  if (pending.incarnation && *pending.incarnation != host.incarnation) return;
  if (!host.is_up) {
    constexpr Duration kLater = Duration::milliseconds(100);
    return queue_.push(now_ + kLater, std::move(pending));
  }
  if (host.suspended_until > now_) return queue_.push(host.suspended_until, std::move(pending));
  if (std::holds_alternative<TimerDue>(pending.input)) {
    if (!host.armed || *host.armed > now_) return;  // armed anew since
    host.armed.reset();
  }
  ++events_;
  fingerprint_.add(now_.ns());
  fingerprint_.add(pending.to.value);
  fingerprint_.add(pending.input.index());
  host.host->handle(now_, std::move(pending.input));
  arm(pending.to);
}

void World::crash(HostId id) {
  auto& entry = hosts_[id.value];
  if (!entry.is_up) return;
  ++entry.incarnation;
  entry.is_up = false;
  entry.armed.reset();
  entry.host->crash();
  close_links(id);
  cut_sessions(id);
  reset_sockets_of_client(id);
}

void World::restart(HostId id) {
  hosts_[id.value].is_up = true;
  schedule(Duration(), id, StartHost{});
}

// Its own links are gone with it; those to it are reset.
void World::close_links(HostId id) {
  for (auto next = open_links_.begin(); next != open_links_.end();) {
    auto link = next++;
    auto [from, connection] = link->first;
    bool ends_here = link->second.to == id;
    if (from != id && !ends_here) continue;
    if (ends_here && from != id) {
      schedule(draw_latency(), from, mixnode::Input(relay::LinkClosed{connection, CloseReason::reset}));
    }
    open_links_.erase(link);
  }
}

void World::cut_sessions(HostId gateway) {
  for (auto next = by_gateway_.lower_bound({gateway, {}}); next != by_gateway_.end() && next->first.first == gateway;) {
    auto socket = next->second;
    next = by_gateway_.erase(next);
    by_client_.erase({socket->client, socket->at_client});
    to_client(*socket, arrival(socket->last_to_client),
              client::GatewayClosed{socket->at_client, CloseReason::reset, "connection reset"});
    schedule(draw_latency(), gateway, gateway::Input(gateway::ClientDisconnected{socket->at_gateway}));
  }
}

void World::reset_sockets_of_client(HostId client) {
  for (auto next = by_client_.lower_bound({client, {}}); next != by_client_.end() && next->first.first == client;) {
    auto socket = next->second;
    next = by_client_.erase(next);
    by_gateway_.erase({socket->gateway, socket->at_gateway});
    schedule_at(arrival(socket->last_to_gateway), socket->gateway,
                gateway::Input(gateway::ClientDisconnected{socket->at_gateway}));
  }
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
  return links_.fixed + draw_exponential(*latencies_, links_.mean);
}

// A connection keeps its order: nothing overtakes what was sent before.
TimePoint World::arrival(TimePoint& last) {
  last = std::max(last, now_ + draw_latency());
  return last;
}

void World::dial_link(HostId from, ConnectionId connection, const Endpoint& to) {
  auto target = mix_endpoints_.find(to);
  if (target == mix_endpoints_.end() || !is_up(target->second)) {
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
  if (target == websocket_urls_.end() || !is_up(target->second)) {
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
  if (!is_silent(socket)) schedule_at(arrival(socket.last_to_gateway), socket.gateway, std::move(message));
  if (socket.kind == ClientKind::client) {
    schedule(Duration(), from, client::Input(client::GatewayWritten{connection, 1}));
  }
}

void World::send_to_client(HostId gateway, ConnectionId connection, std::variant<std::string, Blob> message) {
  auto found = by_gateway_.find({gateway, connection});
  if (found == by_gateway_.end()) return;
  auto& socket = *found->second;
  schedule(Duration(), gateway, gateway::Input(gateway::ClientWritten{connection, 1}));
  if (is_silent(socket)) return;
  auto at = arrival(socket.last_to_client);
  if (auto* text = std::get_if<std::string>(&message)) {
    to_client(socket, at, client::GatewayText{socket.at_client, std::move(*text)});
  } else {
    to_client(socket, at, client::GatewayBinary{socket.at_client, std::get<Blob>(message)});
  }
}

void World::to_client(const Socket& socket, TimePoint at, client::Registration::Input input) {
  if (socket.kind == ClientKind::registration) return schedule_at(at, socket.client, std::move(input));
  auto widened = std::visit([](auto& one) { return client::Input(std::move(one)); }, input);
  schedule_at(at, socket.client, std::move(widened));
}

void World::ping_gateway(HostId from, ConnectionId connection) {
  auto found = by_client_.find({from, connection});
  if (found == by_client_.end()) return;
  auto& socket = *found->second;
  if (is_silent(socket)) return;
  auto back = arrival(socket.last_to_gateway) + draw_latency();
  socket.last_to_client = std::max(socket.last_to_client, back);
  schedule_at(socket.last_to_client, from, client::Input(client::GatewayPong{connection}));
}

void World::ping_client(HostId gateway, ConnectionId connection) {
  auto found = by_gateway_.find({gateway, connection});
  if (found == by_gateway_.end()) return;
  auto& socket = *found->second;
  if (is_silent(socket)) return;
  auto back = arrival(socket.last_to_client) + draw_latency();
  socket.last_to_gateway = std::max(socket.last_to_gateway, back);
  schedule_at(socket.last_to_gateway, gateway, gateway::Input(gateway::ClientPong{connection}));
}

void World::close_from_client(HostId from, ConnectionId connection) {
  auto found = by_client_.find({from, connection});
  if (found == by_client_.end()) return;
  auto socket = found->second;
  by_client_.erase(found);
  if (is_silent(*socket)) {
    socket->client_left = true;
    return;
  }
  schedule_at(arrival(socket->last_to_gateway), socket->gateway,
              gateway::Input(gateway::ClientDisconnected{socket->at_gateway}));
  by_gateway_.erase({socket->gateway, socket->at_gateway});
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
