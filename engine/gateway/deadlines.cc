#include "engine/gateway/deadlines.h"

#include <algorithm>

namespace nym::gateway {

void Deadlines::set(ConnectionId connection, TimePoint deadline) {
  clear(connection);
  by_connection_.emplace(connection, deadline);
  in_order_.emplace(deadline, connection);
}

void Deadlines::clear(ConnectionId connection) {
  auto found = by_connection_.find(connection);
  if (found == by_connection_.end()) return;
  in_order_.erase({found->second, connection});
  by_connection_.erase(found);
}

std::optional<TimePoint> Deadlines::earliest() const {
  if (in_order_.empty()) return std::nullopt;
  return in_order_.begin()->first;
}

std::vector<ConnectionId> Deadlines::take_due(TimePoint now) {
  std::vector<ConnectionId> due;
  for (; !in_order_.empty() && in_order_.begin()->first <= now; in_order_.erase(in_order_.begin())) {
    due.push_back(in_order_.begin()->second);
    by_connection_.erase(due.back());
  }
  std::sort(due.begin(), due.end());
  return due;
}

}  // namespace nym::gateway
