#include "engine/client/message_ledger.h"

#include <algorithm>

namespace nym::client {

MessageId MessageLedger::open(std::size_t fragments) {
  MessageId id{next_++};
  open_.emplace(id, fragments);
  return id;
}

void MessageLedger::resume(MessageId id, std::size_t fragments) {
  open_.emplace(id, fragments);
  next_ = std::max(next_, id.value + 1);
}

bool MessageLedger::on_fragment_acknowledged(MessageId id) {
  auto found = open_.find(id);
  if (found == open_.end() || --found->second > 0) return false;
  open_.erase(found);
  return true;
}

std::vector<MessageId> MessageLedger::open_messages() const {
  std::vector<MessageId> ids;
  for (const auto& [id, outstanding] : open_) ids.push_back(id);
  return ids;
}

}  // namespace nym::client
