#pragma once

#include <span>

#include "engine/gateway/io.h"
#include "net/storage/sqlite.h"

namespace nym::net {

/// What a gateway keeps on disk (03 §10.3): shared keys, bandwidth and the inbox, in WAL mode. A commit is on disk when
/// it returns.
class GatewayStore {
 public:
  /// ":memory:" keeps nothing. Rows that cannot be understood are an error that names the file.
  static Result<GatewayStore> open(const std::string& path);

  Result<gateway::StoredState> load();
  /// All or nothing; give many at a time, each commit waits for the disk once.
  Result<void> commit(std::span<const gateway::StoreOperation> operations);
  /// Messages of a client with ids above `after`, ascending, at most `limit`.
  Result<std::vector<gateway::StoredMessage>> read_inbox(const gateway::ReadInbox& request);

 private:
  explicit GatewayStore(SqlDatabase database);
  Result<void> apply(const gateway::StoreOperation& operation);

  SqlDatabase database_;
  SqlStatement put_keys_;
  SqlStatement add_bandwidth_row_;
  SqlStatement set_bandwidth_;
  SqlStatement add_message_;
  SqlStatement delete_message_;
  SqlStatement read_messages_;
};

}  // namespace nym::net
