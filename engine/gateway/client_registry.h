#pragma once

#include <map>

#include "engine/base/limits.h"
#include "engine/gateway/io.h"

namespace nym::gateway {

/// The clients a gateway knows, in memory as on disk: their shared keys and bandwidth (03 §8.1, §10.3).
class ClientRegistry {
 public:
  struct Client {
    sphinx::GatewaySharedKeys keys;
    std::int64_t bandwidth = 0;         ///< bytes of Sphinx packets still to be accepted
    std::int64_t stored_bandwidth = 0;  ///< as on disk
  };
  explicit ClientRegistry(std::vector<ClientRecord> stored);

  Client* find(const ClientAddress& address);
  bool is_full() const { return clients_.size() >= limits::kRegisteredClients; }
  /// Replaces the keys of a known client (its bandwidth stays), or adds one with none. No client ever goes away.
  Client& put(const ClientAddress& address, const sphinx::GatewaySharedKeys& keys);

 private:
  std::map<ClientAddress, Client> clients_;
};

}  // namespace nym::gateway
