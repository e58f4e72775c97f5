#pragma once

#include <map>
#include <optional>
#include <set>
#include <vector>

#include "engine/base/connection.h"
#include "engine/base/time.h"

namespace nym::gateway {

/// Until when connections have to do something: at most one time each, and none for the most of them.
class Deadlines {
 public:
  void set(ConnectionId connection, TimePoint deadline);
  void clear(ConnectionId connection);
  std::optional<TimePoint> earliest() const;
  /// Those whose time has come, in the order of their names; they have none any more.
  std::vector<ConnectionId> take_due(TimePoint now);

 private:
  std::map<ConnectionId, TimePoint> by_connection_;
  std::set<std::pair<TimePoint, ConnectionId>> in_order_;
};

}  // namespace nym::gateway
