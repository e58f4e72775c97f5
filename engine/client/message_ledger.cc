#include "engine/client/message_ledger.h"

#include <algorithm>

namespace nym::client {

MessageId MessageLedger::open(TimePoint now, std::size_t fragments) {
  MessageId id{next_++};
  open_.emplace(id, Open{fragments, now});
  return id;
}

void MessageLedger::resume(TimePoint now, MessageId id, std::size_t fragments) {
  open_.emplace(id, Open{fragments, now});
  next_ = std::max(next_, id.value + 1);
}

bool MessageLedger::on_fragment_acknowledged(MessageId id) {
  auto found = open_.find(id);
  if (found == open_.end() || --found->second.outstanding > 0) return false;
  open_.erase(found);
  return true;
}

std::vector<MessageId> MessageLedger::open_messages() const {
  std::vector<MessageId> ids;
  for (const auto& [id, message] : open_) ids.push_back(id);
  return ids;
}

// Ids grow with time.
std::vector<MessageId> MessageLedger::opened_until(TimePoint at) const {
  std::vector<MessageId> ids;
  for (const auto& [id, message] : open_) {
    if (message.since > at) break;
    ids.push_back(id);
  }
  return ids;
}

std::optional<TimePoint> MessageLedger::oldest() const {
  if (open_.empty()) return std::nullopt;
  return open_.begin()->second.since;
}

}  // namespace nym::client
