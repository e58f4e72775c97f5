#pragma once

#include <map>
#include <memory>
#include <vector>

#include "engine/base/connection.h"
#include "sim/network/links.h"

namespace nym::sim {

class World;

/// Websockets between clients and gateways, on top of the links. A client's connection belongs to its Registration or
/// to its Client: the inputs have different types.
class Websockets {
 public:
  enum class Owner : std::uint8_t { registration, client };

  Websockets(World& world, std::uint32_t hosts) : world_(world), sockets_(hosts) {}

  void listen(HostId gateway, const std::string& url) { urls_.emplace(url, gateway); }
  void dial(HostId from, Owner owner, ConnectionId connection, const std::string& url);
  void send_text_to_gateway(HostId from, ConnectionId connection, std::string text);
  void send_packet_to_gateway(HostId from, ConnectionId connection, Blob data,
                              std::optional<client::PacketKind> content);
  void send_text_to_client(HostId gateway, ConnectionId connection, std::string text);
  void push_to_client(HostId gateway, ConnectionId connection, Blob data);
  void ping_gateway(HostId from, ConnectionId connection);
  void ping_client(HostId gateway, ConnectionId connection);
  /// A ping that came is answered.
  void answer_as_client(HostId client, ConnectionId connection);
  void answer_as_gateway(HostId gateway, ConnectionId connection);
  void close_from_client(HostId from, ConnectionId connection);
  void close_from_gateway(HostId gateway, ConnectionId connection);

  /// What a gateway and its clients send each other does not get through, and nobody is told; what is on connections
  /// that live on comes when it is over.
  void silence(HostId gateway) { ++silences_[gateway]; }
  void end_silence(HostId gateway);
  void reset_gateway(HostId gateway);
  void reset_client(HostId client);

 private:
  struct Socket {
    HostId client;
    Owner owner = Owner::client;
    ConnectionId at_client;
    HostId gateway;
    ConnectionId at_gateway;
    LinkId up;
    LinkId down;
    bool client_left = false;  ///< and nobody told the gateway
    std::vector<Parcel> held;  ///< while it is silent
  };
  using Sockets = std::map<ConnectionId, std::shared_ptr<Socket>>;

  /// Null when this end has gone.
  Socket* find(HostId host, ConnectionId connection) const;
  void refuse(HostId from, Owner owner, ConnectionId connection, CloseReason reason, Duration after);
  void to_client(Socket& socket, FrameKind kind, std::uint32_t bytes, InputBox input, InputBox written = {});
  void to_gateway(Socket& socket, FrameKind kind, std::uint32_t bytes, InputBox input, InputBox written = {},
                  std::optional<client::PacketKind> content = {});
  void tell_gateway_of_end(Socket& socket);
  void send(Socket& socket, HostId from, Parcel parcel);
  bool is_silent(const Socket& socket) const;
  void end(const Socket& socket);

  World& world_;
  std::map<std::string, HostId> urls_;
  std::map<HostId, int> silences_;
  std::vector<Sockets> sockets_;  ///< by host: each end knows a socket until it has gone
  std::uint64_t next_incoming_ = kFirstIncomingConnection;
};

}  // namespace nym::sim
