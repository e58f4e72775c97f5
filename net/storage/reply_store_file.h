#pragma once

#include <span>

#include "engine/client/io.h"
#include "net/storage/sqlite.h"

namespace nym::net {

/// A client's `persistent_reply_store.sqlite` (04 §2.9): the schema and the status row that the original expects, but
/// every change is committed when it happens, so that nothing is lost and no SURB is used twice after a crash.
class ReplyStoreFile {
 public:
  struct Thresholds {
    std::size_t min_surbs = 10;
    std::size_t max_surbs = 200;
  };
  struct Opened;
  /// Creates the file or reads it. One that can not be trusted or understood is set aside under another name and a
  /// fresh one made, which `Opened::note` then says. Error: the file system does not let us.
  static Result<Opened> open(const std::string& path, const Thresholds& thresholds, UnixSeconds now);

  Result<void> commit(std::span<const client::ReplyOperation> operations);
  /// Marks the store as left in good order, which the original wants to see.
  Result<void> close(UnixSeconds now);

 private:
  explicit ReplyStoreFile(SqlDatabase database) : database_(std::move(database)) {}
  static Result<Opened> open_existing(const std::string& path, UnixSeconds now);
  static Result<ReplyStoreFile> create(const std::string& path, const Thresholds& thresholds, UnixSeconds now);
  Result<void> apply(const client::ReplyOperation& operation);
  Result<void> add_surbs(const client::AddSurbs& added);
  Result<void> remove_surbs(const client::RemoveSurbs& removed);
  Result<void> purge_untrusted(UnixSeconds now);
  Result<client::StoredReplies> load();
  Result<std::int64_t> query_integer(const char* sql);

  SqlDatabase database_;
};

struct ReplyStoreFile::Opened {
  ReplyStoreFile file;
  client::StoredReplies replies;
  std::string note;  ///< for the log; empty when there is nothing to say
};

}  // namespace nym::net
