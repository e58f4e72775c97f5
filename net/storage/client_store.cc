#include "net/storage/client_store.h"

#include "engine/base/check.h"
#include "engine/base/overloaded.h"

namespace nym::net {

Result<ClientStore::Opened> ClientStore::open(const Places& places, const ReplyStoreFile::Thresholds& thresholds,
                                              UnixSeconds now) {
  NYM_TRY(auto replies, ReplyStoreFile::open(places.reply_store.string(), thresholds, now));
  client::StoredState state{std::move(replies.replies), {}, {}};
  std::optional<JournalFile> journal;
  if (places.journal) {
    NYM_TRY(auto opened, JournalFile::open(places.journal->string(), now));
    journal = std::move(opened.file);
    state.journal = std::move(opened.messages);
    state.finished_sets = std::move(opened.finished_sets);
  }
  return Opened{ClientStore(std::move(replies.file), std::move(journal)), std::move(state), std::move(replies.note)};
}

Result<void> ClientStore::commit(std::span<const client::StoreOperation> operations) {
  std::vector<client::ReplyOperation> of_replies;
  std::vector<client::JournalOperation> of_journal;
  for (const auto& operation : operations) {
    std::visit(Overloaded{[&](const client::ReplyOperation& one) { of_replies.push_back(one); },
                          [&](const client::JournalOperation& one) { of_journal.push_back(one); }},
               operation);
  }
  if (!of_replies.empty()) NYM_TRY_VOID(replies_.commit(of_replies));
  if (of_journal.empty()) return {};
  NYM_CHECK(journal_.has_value());
  return journal_->commit(of_journal);
}

}  // namespace nym::net
