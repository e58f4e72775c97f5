#pragma once

#include <memory>
#include <optional>
#include <string>

#include "engine/base/bytes.h"
#include "engine/base/result.h"
#include "net/error.h"

struct sqlite3;
struct sqlite3_stmt;

namespace nym::net {

/// A prepared statement: bind, step, read, reset. Views returned by columns live until the next step.
class SqlStatement {
 public:
  SqlStatement(SqlStatement&&) = default;
  SqlStatement& operator=(SqlStatement&&) = default;

  SqlStatement& bind(int index, std::int64_t value);
  SqlStatement& bind(int index, std::string_view text);
  SqlStatement& bind_blob(int index, ByteView bytes);

  /// Whether there is a row.
  Result<bool> step();
  /// For statements without rows: steps and resets.
  Result<void> run();
  void reset();

  std::int64_t integer(int column) const;
  std::string_view text(int column) const;
  ByteView blob(int column) const;

 private:
  friend class SqlDatabase;
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const;
  };
  SqlStatement(sqlite3_stmt* statement, sqlite3* database, std::string prepare_error)
      : statement_(statement), database_(database), prepare_error_(std::move(prepare_error)) {}
  std::unique_ptr<sqlite3_stmt, Finalize> statement_;  ///< null when it could not be prepared
  sqlite3* database_;
  std::string prepare_error_;
};

/// One sqlite3 file. Used by one thread.
class SqlDatabase {
 public:
  /// Creates the file with mode 0600 if need be; ":memory:" has none and keeps nothing. Error: storage, naming the
  /// file.
  static Result<SqlDatabase> open(const std::string& path);

  Result<void> execute(const std::string& sql);
  /// What is wrong with it (a foreign file lacks the table) is said by its first step.
  SqlStatement prepare(const char* sql);

  /// Everything that `work` does becomes visible at once, or nothing of it.
  template <class Work>
  Result<void> transaction(Work work) {
    NYM_TRY_VOID(execute("BEGIN IMMEDIATE"));
    if (Result<void> done = work(); !done) {
      (void)execute("ROLLBACK");
      return done;
    }
    return execute("COMMIT");
  }

 private:
  struct Close {
    void operator()(sqlite3* database) const;
  };
  explicit SqlDatabase(sqlite3* database) : database_(database) {}
  std::unique_ptr<sqlite3, Close> database_;
};

}  // namespace nym::net
