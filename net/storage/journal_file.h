#pragma once

#include <span>

#include "engine/client/io.h"
#include "net/storage/sqlite.h"

namespace nym::net {

/// A client's `journal.sqlite`: the messages that it accepted and whose outcome is not known yet, and which messages it
/// received lately.
class JournalFile {
 public:
  struct Opened;
  /// Creates the file or reads it. Errors: the file system does not let us; a file that can not be understood, which
  /// stays as it is: it may hold messages.
  static Result<Opened> open(const std::string& path, UnixSeconds now);

  Result<void> commit(std::span<const client::JournalOperation> operations);

 private:
  explicit JournalFile(SqlDatabase database) : database_(std::move(database)) {}
  Result<void> apply(const client::JournalOperation& operation);
  Result<void> add(const client::JournaledMessage& message);
  Result<void> remember(const client::RememberFinishedSets& finished);
  Result<void> forget_sets_before(UnixSeconds limit);
  Result<std::vector<client::JournaledMessage>> load();
  Result<std::vector<wire::SetId>> load_sets();

  SqlDatabase database_;
};

struct JournalFile::Opened {
  JournalFile file;
  std::vector<client::JournaledMessage> messages;  ///< in the order in which they were accepted
  std::vector<wire::SetId> finished_sets;
};

}  // namespace nym::net
