#include "sim/network/websockets.h"

#include "sim/network/world.h"

namespace nym::sim {
namespace {

/// An operating system's patience with a peer that does not answer.
constexpr Duration kHandshakeTimeout = Duration::seconds(10);
/// Of what carries no payload.
constexpr std::uint32_t kSmall = 8;

template <class Input>
InputBox for_owner(Websockets::Owner owner, Input input) {
  if (owner == Websockets::Owner::registration) return boxed<client::Registration::Input>(std::move(input));
  return boxed<client::Input>(std::move(input));
}

}  // namespace

Websockets::Socket* Websockets::find(HostId host, ConnectionId connection) const {
  const auto& sockets = sockets_[host.value];
  auto found = sockets.find(connection);
  return found == sockets.end() ? nullptr : found->second.get();
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
  sockets_[from.value][connection] = socket;
  sockets_[other.value][socket->at_gateway] = socket;
  to_gateway(*socket, FrameKind::control, kSmall, boxed<gateway::Input>(gateway::ClientConnected{socket->at_gateway}));
  to_client(*socket, FrameKind::control, kSmall, for_owner(owner, client::GatewayOpened{connection}));
}

// Operating systems take what they are given, for a while.
void Websockets::send(Socket& socket, HostId from, Parcel parcel) {
  if (!is_silent(socket)) return world_.links().send(std::move(parcel));
  if (parcel.written) world_.schedule(Duration(), from, std::move(parcel.written));
  if (!socket.client_left) socket.held.push_back(std::move(parcel));
}

void Websockets::to_client(Socket& socket, FrameKind kind, std::uint32_t bytes, InputBox input, InputBox written) {
  Parcel parcel{socket.down, kind, Transport::websocket, bytes, std::move(input), std::move(written)};
  if (kind == FrameKind::push) parcel.peeled_from = world_.current_frame();
  send(socket, socket.gateway, std::move(parcel));
}

void Websockets::to_gateway(Socket& socket, FrameKind kind, std::uint32_t bytes, InputBox input, InputBox written,
                            std::optional<client::PacketKind> content) {
  send(socket, socket.client,
       {socket.up, kind, Transport::websocket, bytes, std::move(input), std::move(written), content});
}

void Websockets::end_silence(HostId gateway) {
  if (--silences_[gateway] > 0) return;
  for (auto& [connection, socket] : sockets_[gateway.value]) {
    for (auto& parcel : std::exchange(socket->held, {})) world_.links().send(std::move(parcel));
  }
}

void Websockets::send_text_to_gateway(HostId from, ConnectionId connection, std::string text) {
  auto* socket = find(from, connection);
  if (socket == nullptr) return;
  InputBox written;
  if (socket->owner == Owner::client) written = boxed<client::Input>(client::GatewayWritten{connection, 1});
  auto bytes = static_cast<std::uint32_t>(text.size());
  to_gateway(*socket, FrameKind::control, bytes,
             boxed<gateway::Input>(gateway::ClientText{socket->at_gateway, std::move(text)}), std::move(written));
}

void Websockets::send_packet_to_gateway(HostId from, ConnectionId connection, Blob data,
                                        std::optional<client::PacketKind> content) {
  auto* socket = find(from, connection);
  if (socket == nullptr) return;
  world_.count_packet();
  auto bytes = static_cast<std::uint32_t>(data.size());
  to_gateway(*socket, FrameKind::upload, bytes,
             boxed<gateway::Input>(gateway::ClientBinary{socket->at_gateway, std::move(data)}),
             boxed<client::Input>(client::GatewayWritten{connection, 1}), content);
}

void Websockets::send_text_to_client(HostId gateway, ConnectionId connection, std::string text) {
  auto* socket = find(gateway, connection);
  if (socket == nullptr) return;
  auto bytes = static_cast<std::uint32_t>(text.size());
  to_client(*socket, FrameKind::control, bytes,
            for_owner(socket->owner, client::GatewayText{socket->at_client, std::move(text)}),
            boxed<gateway::Input>(gateway::ClientWritten{connection, 1}));
}

void Websockets::push_to_client(HostId gateway, ConnectionId connection, Blob data) {
  auto* socket = find(gateway, connection);
  if (socket == nullptr) return;
  auto bytes = static_cast<std::uint32_t>(data.size());
  to_client(*socket, FrameKind::push, bytes,
            for_owner(socket->owner, client::GatewayBinary{socket->at_client, std::move(data)}),
            boxed<gateway::Input>(gateway::ClientWritten{connection, 1}));
}

void Websockets::ping_gateway(HostId from, ConnectionId connection) {
  auto* socket = find(from, connection);
  if (socket == nullptr) return;
  send(*socket, from,
       {socket->up, FrameKind::control, Transport::websocket, kSmall,
        boxed<WebsocketPing>(WebsocketPing{socket->at_gateway})});
}

void Websockets::ping_client(HostId gateway, ConnectionId connection) {
  auto* socket = find(gateway, connection);
  if (socket == nullptr) return;
  send(*socket, gateway,
       {socket->down, FrameKind::control, Transport::websocket, kSmall,
        boxed<WebsocketPing>(WebsocketPing{socket->at_client})});
}

void Websockets::answer_as_client(HostId client, ConnectionId connection) {
  auto* socket = find(client, connection);
  if (socket == nullptr) return;
  to_gateway(*socket, FrameKind::control, kSmall, boxed<gateway::Input>(gateway::ClientPong{socket->at_gateway}));
}

void Websockets::answer_as_gateway(HostId gateway, ConnectionId connection) {
  auto* socket = find(gateway, connection);
  if (socket == nullptr) return;
  send(*socket, gateway,
       {socket->down, FrameKind::control, Transport::websocket, kSmall,
        boxed<client::Input>(client::GatewayPong{socket->at_client})});
}

void Websockets::end(const Socket& socket) {
  auto [client, at_client] = std::pair(socket.client, socket.at_client);
  sockets_[socket.gateway.value].erase(socket.at_gateway);
  sockets_[client.value].erase(at_client);
}

void Websockets::tell_gateway_of_end(Socket& socket) {
  to_gateway(socket, FrameKind::control, kSmall, boxed<gateway::Input>(gateway::ClientDisconnected{socket.at_gateway}));
}

void Websockets::close_from_client(HostId from, ConnectionId connection) {
  auto* socket = find(from, connection);
  if (socket == nullptr) return;
  if (is_silent(*socket) || world_.links().is_cut(socket->up)) {
    socket->client_left = true;
    socket->held.clear();
    sockets_[from.value].erase(connection);
    return;
  }
  tell_gateway_of_end(*socket);
  end(*socket);
}

void Websockets::close_from_gateway(HostId gateway, ConnectionId connection) {
  auto* socket = find(gateway, connection);
  if (socket == nullptr) return;
  to_client(*socket, FrameKind::control, kSmall,
            for_owner(socket->owner,
                      client::GatewayClosed{socket->at_client, CloseReason::finished, "closed by the gateway"}));
  end(*socket);
}

void Websockets::reset_gateway(HostId gateway) {
  for (const auto& [connection, socket] : std::exchange(sockets_[gateway.value], {})) {
    sockets_[socket->client.value].erase(socket->at_client);
    to_client(
        *socket, FrameKind::control, kSmall,
        for_owner(socket->owner, client::GatewayClosed{socket->at_client, CloseReason::reset, "connection reset"}));
    tell_gateway_of_end(*socket);
  }
}

void Websockets::reset_client(HostId client) {
  for (const auto& [connection, socket] : std::exchange(sockets_[client.value], {})) {
    sockets_[socket->gateway.value].erase(socket->at_gateway);
    tell_gateway_of_end(*socket);
  }
}

}  // namespace nym::sim
