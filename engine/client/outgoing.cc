#include "engine/client/outgoing.h"

namespace nym::client {

JournaledMessage OutgoingMessage::journal_entry() const {
  JournaledMessage entry{id_.value(), {}, size_, fragmenter_.set_ids(), to_bytes(fragmenter_.serialised())};
  if (const auto* sender = std::get_if<ToSender>(&target_)) {
    entry.target = sender->tag;
  } else {
    entry.target = std::get<wire::Recipient>(target_);
  }
  return entry;
}

}  // namespace nym::client
