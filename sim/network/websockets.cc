#include "sim/network/websockets.h"

#include "sim/network/world.h"

namespace nym::sim {
namespace {

/// An operating system's patience with a peer that does not answer.
constexpr Duration kHandshakeTimeout = Duration::seconds(10);
/// Of what carries no payload.
constexpr std::uint32_t kSmall = 8;

HostInput for_owner(Websockets::Owner owner, client::Registration::Input input) {
  if (owner == Websockets::Owner::registration) return input;
  return std::visit([](auto& one) -> HostInput { return client::Input(std::move(one)); }, input);
}

std::uint32_t size_of(const std::variant<std::string, Blob>& message) {
  return std::visit([](const auto& one) { return static_cast<std::uint32_t>(one.size()); }, message);
}

}  // namespace

std::shared_ptr<Websockets::Socket> Websockets::at_client(HostId client, ConnectionId connection) const {
  auto found = by_client_.find({client, connection});
  return found == by_client_.end() ? nullptr : found->second;
}

std::shared_ptr<Websockets::Socket> Websockets::at_gateway(HostId gateway, ConnectionId connection) const {
  auto found = by_gateway_.find({gateway, connection});
  return found == by_gateway_.end() ? nullptr : found->second;
}

bool Websockets::is_silent(const Socket& socket) const {
  if (socket.client_left) return true;
  auto found = silences_.find(socket.gateway);
  return found != silences_.end() && found->second > 0;
}

void Websockets::refuse(HostId from, Owner owner, ConnectionId connection, CloseReason reason, Duration after) {
  const char* detail = reason == CloseReason::refused ? "connection refused" : "no answer";
  world_.schedule(after, from, for_owner(owner, client::GatewayClosed{connection, reason, detail}));
}

void Websockets::dial(HostId from, Owner owner, ConnectionId connection, const std::string& url) {
  auto target = urls_.find(url);
  bool is_refused = !world_.takes_dial(from) || target == urls_.end() || !world_.is_up(target->second);
  auto other = target == urls_.end() ? from : target->second;
  auto up = world_.links().between(from, other);
  if (is_refused) return refuse(from, owner, connection, CloseReason::refused, world_.links().draw_latency(up));
  auto down = world_.links().between(other, from);
  if (world_.links().is_cut(up) || world_.links().is_cut(down) || !world_.is_running(other)) {
    return refuse(from, owner, connection, CloseReason::timed_out, kHandshakeTimeout);
  }
  auto socket =
      std::make_shared<Socket>(Socket{from, owner, connection, other, ConnectionId{next_incoming_++}, up, down});
  by_client_[{from, connection}] = socket;
  by_gateway_[{other, socket->at_gateway}] = socket;
  to_gateway(*socket, FrameKind::control, kSmall, gateway::ClientConnected{socket->at_gateway});
  to_client(*socket, FrameKind::control, kSmall, client::GatewayOpened{connection});
}

// Operating systems take what they are given, for a while.
void Websockets::send(Socket& socket, HostId from, Parcel parcel) {
  if (!is_silent(socket)) return world_.links().send(std::move(parcel));
  if (parcel.written) world_.schedule(Duration(), from, *std::exchange(parcel.written, std::nullopt));
  if (!socket.client_left) socket.held.push_back(std::move(parcel));
}

void Websockets::to_client(Socket& socket, FrameKind kind, std::uint32_t bytes, client::Registration::Input input,
                           std::optional<HostInput> written) {
  Parcel parcel{socket.down,       kind, Transport::websocket, bytes, for_owner(socket.owner, std::move(input)),
                std::move(written)};
  if (kind == FrameKind::push) parcel.peeled_from = world_.current_frame();
  send(socket, socket.gateway, std::move(parcel));
}

void Websockets::to_gateway(Socket& socket, FrameKind kind, std::uint32_t bytes, gateway::Input input,
                            std::optional<HostInput> written, std::optional<client::PacketKind> content) {
  send(socket, socket.client,
       {socket.up, kind, Transport::websocket, bytes, std::move(input), std::move(written), content});
}

void Websockets::end_silence(HostId gateway) {
  if (--silences_[gateway] > 0) return;
  for (auto next = by_gateway_.lower_bound({gateway, {}}); next != by_gateway_.end() && next->first.first == gateway;
       ++next) {
    for (auto& parcel : std::exchange(next->second->held, {})) world_.links().send(std::move(parcel));
  }
}

void Websockets::send_text_to_gateway(HostId from, ConnectionId connection, std::string text) {
  auto socket = at_client(from, connection);
  if (!socket) return;
  std::optional<HostInput> written;
  if (socket->owner == Owner::client) written = client::Input(client::GatewayWritten{connection, 1});
  auto bytes = static_cast<std::uint32_t>(text.size());
  to_gateway(*socket, FrameKind::control, bytes, gateway::ClientText{socket->at_gateway, std::move(text)},
             std::move(written));
}

void Websockets::send_packet_to_gateway(HostId from, ConnectionId connection, Blob data,
                                        std::optional<client::PacketKind> content) {
  auto socket = at_client(from, connection);
  if (!socket) return;
  world_.count_packet();
  auto bytes = static_cast<std::uint32_t>(data.size());
  to_gateway(*socket, FrameKind::upload, bytes, gateway::ClientBinary{socket->at_gateway, std::move(data)},
             client::Input(client::GatewayWritten{connection, 1}), content);
}

void Websockets::send_to_client(HostId gateway, ConnectionId connection, std::variant<std::string, Blob> message) {
  auto socket = at_gateway(gateway, connection);
  if (!socket) return;
  bool is_text = std::holds_alternative<std::string>(message);
  auto bytes = size_of(message);
  client::Registration::Input input =
      is_text ? client::Registration::Input(
                    client::GatewayText{socket->at_client, std::move(std::get<std::string>(message))})
              : client::Registration::Input(client::GatewayBinary{socket->at_client, std::get<Blob>(message)});
  to_client(*socket, is_text ? FrameKind::control : FrameKind::push, bytes, std::move(input),
            gateway::Input(gateway::ClientWritten{connection, 1}));
}

void Websockets::ping_gateway(HostId from, ConnectionId connection) {
  auto socket = at_client(from, connection);
  if (!socket) return;
  send(*socket, from,
       {socket->up, FrameKind::control, Transport::websocket, kSmall, WebsocketPing{socket->at_gateway}});
}

void Websockets::ping_client(HostId gateway, ConnectionId connection) {
  auto socket = at_gateway(gateway, connection);
  if (!socket) return;
  send(*socket, gateway,
       {socket->down, FrameKind::control, Transport::websocket, kSmall, WebsocketPing{socket->at_client}});
}

void Websockets::answer_as_client(HostId client, ConnectionId connection) {
  auto socket = at_client(client, connection);
  if (socket) to_gateway(*socket, FrameKind::control, kSmall, gateway::ClientPong{socket->at_gateway});
}

void Websockets::answer_as_gateway(HostId gateway, ConnectionId connection) {
  auto socket = at_gateway(gateway, connection);
  if (!socket) return;
  send(*socket, gateway,
       {socket->down, FrameKind::control, Transport::websocket, kSmall,
        client::Input(client::GatewayPong{socket->at_client})});
}

void Websockets::end(const Socket& socket) {
  by_gateway_.erase({socket.gateway, socket.at_gateway});
  by_client_.erase({socket.client, socket.at_client});
}

void Websockets::close_from_client(HostId from, ConnectionId connection) {
  auto socket = at_client(from, connection);
  if (!socket) return;
  if (is_silent(*socket) || world_.links().is_cut(socket->up)) {
    by_client_.erase({from, connection});
    socket->client_left = true;
    socket->held.clear();
    return;
  }
  to_gateway(*socket, FrameKind::control, kSmall, gateway::ClientDisconnected{socket->at_gateway});
  end(*socket);
}

void Websockets::close_from_gateway(HostId gateway, ConnectionId connection) {
  auto socket = at_gateway(gateway, connection);
  if (!socket) return;
  to_client(*socket, FrameKind::control, kSmall,
            client::GatewayClosed{socket->at_client, CloseReason::finished, "closed by the gateway"});
  end(*socket);
}

void Websockets::reset_gateway(HostId gateway) {
  for (auto next = by_gateway_.lower_bound({gateway, {}}); next != by_gateway_.end() && next->first.first == gateway;) {
    auto socket = next->second;
    next = by_gateway_.erase(next);
    by_client_.erase({socket->client, socket->at_client});
    to_client(*socket, FrameKind::control, kSmall,
              client::GatewayClosed{socket->at_client, CloseReason::reset, "connection reset"});
    to_gateway(*socket, FrameKind::control, kSmall, gateway::ClientDisconnected{socket->at_gateway});
  }
}

void Websockets::reset_client(HostId client) {
  for (auto next = by_client_.lower_bound({client, {}}); next != by_client_.end() && next->first.first == client;) {
    auto socket = next->second;
    next = by_client_.erase(next);
    by_gateway_.erase({socket->gateway, socket->at_gateway});
    to_gateway(*socket, FrameKind::control, kSmall, gateway::ClientDisconnected{socket->at_gateway});
  }
}

}  // namespace nym::sim
