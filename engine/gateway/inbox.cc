#include "engine/gateway/inbox.h"

#include <algorithm>

namespace nym::gateway {

InboxBudget::InboxBudget(std::map<ClientAddress, InboxUsage> stored) : usage_(std::move(stored)) {
  for (const auto& [client, usage] : usage_) total_bytes_ += usage.bytes;
}

bool InboxBudget::reserve(const ClientAddress& client, std::size_t bytes, Registered registered) {
  if (total_bytes_ + bytes > limits::kInboxBytes) return false;
  // Addresses that never registered share the allowance of one, whatever they are.
  const ClientAddress& account = registered == Registered::yes ? client : ClientAddress{};
  std::size_t allowed =
      registered == Registered::yes ? limits::kInboxMessagesPerClient : limits::kUnregisteredInboxMessages;
  InboxUsage& usage = usage_[account];
  if (usage.messages >= allowed) return false;
  ++usage.messages;
  usage.bytes += bytes;
  total_bytes_ += bytes;
  return true;
}

void InboxBudget::release(const ClientAddress& client, std::size_t messages, std::size_t bytes) {
  auto found = usage_.find(client);
  if (found == usage_.end()) found = usage_.find(ClientAddress{});  // stored before the client registered
  if (found == usage_.end()) return;
  total_bytes_ -= std::min(total_bytes_, bytes);
  found->second.messages -= std::min(found->second.messages, messages);
  found->second.bytes -= std::min(found->second.bytes, bytes);
  if (found->second.messages == 0) usage_.erase(found);
}

}  // namespace nym::gateway
