#include "sim/network/client_disk.h"

#include <algorithm>

#include "engine/base/overloaded.h"

namespace nym::sim {

void ClientDisk::apply(const client::StoreOperation& operation) {
  std::visit(Overloaded{[&](const client::ReplyOperation& one) { apply_to_replies(one); },
                        [&](const client::JournalOperation& one) { apply_to_journal(one); }},
             operation);
}

void ClientDisk::apply_to_replies(const client::ReplyOperation& operation) {
  std::visit(Overloaded{
                 [&](const client::AddReplyKeys& added) {
                   for (const auto& key : added.keys) {
                     keys_.insert_or_assign(sphinx::digest_of(key), client::StoredReplies::Key{key, added.sent_at});
                   }
                 },
                 [&](const client::RemoveReplyKey& removed) { keys_.erase(removed.digest); },
                 [&](const client::SetSenderTag& set) { own_tags_.insert_or_assign(set.recipient, set.tag); },
                 [&](const client::AddSurbs& added) {
                   auto& sender = senders_[added.sender];
                   sender.tag = added.sender;
                   sender.last_received = added.received_at;
                   sender.surbs.insert(sender.surbs.end(), added.surbs.begin(), added.surbs.end());
                 },
                 [&](const client::RemoveSurbs& removed) {
                   auto found = senders_.find(removed.sender);
                   if (found == senders_.end()) return;
                   for (const auto& used : removed.surbs) {
                     std::erase_if(found->second.surbs, [&](const auto& surb) { return surb.bytes == used.bytes; });
                   }
                 },
             },
             operation);
}

void ClientDisk::apply_to_journal(const client::JournalOperation& operation) {
  std::visit(Overloaded{
                 [&](const client::AddToJournal& added) { journal_.insert_or_assign(added.message.id, added.message); },
                 [&](const client::RemoveFromJournal& removed) { journal_.erase(removed.id); },
                 [&](const client::RememberFinishedSets& finished) {
                   finished_sets_.insert(finished_sets_.end(), finished.sets.begin(), finished.sets.end());
                 },
             },
             operation);
}

client::StoredState ClientDisk::load() const {
  client::StoredState state;
  for (const auto& [digest, key] : keys_) state.replies.keys.push_back(key);
  for (const auto& [tag, sender] : senders_) state.replies.senders.push_back(sender);
  for (const auto& [recipient, tag] : own_tags_) state.replies.own_tags.push_back({recipient, tag});
  for (const auto& [id, message] : journal_) state.journal.push_back(message);
  state.finished_sets = finished_sets_;
  return state;
}

}  // namespace nym::sim
