#pragma once

#include <map>

#include "engine/base/limits.h"
#include "engine/gateway/io.h"

namespace nym::gateway {

/// Counts what waits on disk for absent clients, so that it stays within its bounds (limits.h). A message is reserved
/// before it is stored and released when its row is gone or was never written.
class InboxBudget {
 public:
  explicit InboxBudget(std::map<ClientAddress, InboxUsage> stored);

  enum class Registered : std::uint8_t { no, yes };
  /// Whether one more message of that size may be stored for the client; counts it if so.
  bool reserve(const ClientAddress& client, std::size_t bytes, Registered registered);
  void release(const ClientAddress& client, std::size_t messages, std::size_t bytes);
  std::size_t total_bytes() const { return total_bytes_; }

 private:
  std::map<ClientAddress, InboxUsage> usage_;
  std::size_t total_bytes_ = 0;
};

}  // namespace nym::gateway
