#pragma once

#include <filesystem>
#include <optional>

#include "net/storage/journal_file.h"
#include "net/storage/reply_store_file.h"

namespace nym::net {

/// All that a client keeps: its reply store, and its journal if it has one.
class ClientStore {
 public:
  struct Places {
    std::filesystem::path reply_store;
    std::optional<std::filesystem::path> journal;
  };
  struct Opened;
  static Result<Opened> open(const Places& places, const ReplyStoreFile::Thresholds& thresholds, UnixSeconds now);

  /// The journal last: a message that it resumes finds all that it depends on.
  Result<void> commit(std::span<const client::StoreOperation> operations);
  Result<void> close(UnixSeconds now) { return replies_.close(now); }

 private:
  ClientStore(ReplyStoreFile replies, std::optional<JournalFile> journal)
      : replies_(std::move(replies)), journal_(std::move(journal)) {}
  ReplyStoreFile replies_;
  std::optional<JournalFile> journal_;
};

struct ClientStore::Opened {
  ClientStore store;
  client::StoredState state;
  std::string note;  ///< for the log; empty when there is nothing to say
};

}  // namespace nym::net
