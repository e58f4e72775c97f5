#include "engine/gateway/client_registry.h"

namespace nym::gateway {

ClientRegistry::ClientRegistry(std::vector<ClientRecord> stored) {
  for (auto& record : stored) clients_[record.address] = {std::move(record.keys), record.bandwidth, record.bandwidth};
}

ClientRegistry::Client* ClientRegistry::find(const ClientAddress& address) {
  auto found = clients_.find(address);
  return found == clients_.end() ? nullptr : &found->second;
}

ClientRegistry::Client& ClientRegistry::put(const ClientAddress& address, const sphinx::GatewaySharedKeys& keys) {
  auto& client = clients_[address];
  client.keys = keys;
  return client;
}

}  // namespace nym::gateway
