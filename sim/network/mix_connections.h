#pragma once

#include <map>

#include "engine/base/connection.h"
#include "sim/network/links.h"

namespace nym::sim {

class World;

/// Connections between nodes, one way each, on top of the links.
class MixConnections {
 public:
  MixConnections(World& world, std::uint32_t nodes) : world_(world), open_(nodes) {}

  void listen(HostId host, const Endpoint& endpoint) { endpoints_.emplace(endpoint, host); }
  void dial(HostId from, ConnectionId connection, const Endpoint& to);
  void send(HostId from, ConnectionId connection, wire::MixFrame frame, FrameId peeled_from);
  /// Its own are gone with it; those to it are reset.
  void close_all_of(HostId host);

 private:
  struct Open {
    LinkId link;
    HostId to;
    std::size_t unreported = 0;  ///< frames written that its sender was not told of
  };

  World& world_;
  std::map<Endpoint, HostId> endpoints_;
  std::vector<std::map<ConnectionId, Open>> open_;  ///< by who opened them
};

}  // namespace nym::sim
