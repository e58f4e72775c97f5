#pragma once

#include <map>

#include "engine/client/io.h"

namespace nym::sim {

/// What a simulated client keeps: survives its crashes.
class ClientDisk {
 public:
  void apply(const client::StoreOperation& operation);
  client::StoredState load() const;

 private:
  void apply_to_replies(const client::ReplyOperation& operation);
  void apply_to_journal(const client::JournalOperation& operation);

  std::map<sphinx::SurbKeyDigest, client::StoredReplies::Key> keys_;
  std::map<wire::SenderTag, client::StoredReplies::Sender> senders_;
  std::map<wire::Recipient, wire::SenderTag> own_tags_;
  std::map<client::MessageId, client::JournaledMessage> journal_;
  std::vector<wire::SetId> finished_sets_;
};

}  // namespace nym::sim
