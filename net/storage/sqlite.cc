#include "net/storage/sqlite.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sqlite3.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "engine/base/check.h"

namespace nym::net {
namespace {

constexpr int kBusyTimeoutMs = 5'000;
constexpr std::string_view kInMemory = ":memory:";

std::unexpected<Error> storage_error(sqlite3* database) {
  const char* file = sqlite3_db_filename(database, "main");
  return fail(NetError::file_failed,
              fmt::format("database {}: {}", file == nullptr ? "" : file, sqlite3_errmsg(database)));
}

Result<void> make_private_file(const std::string& path) {
  int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (file < 0) return fail(NetError::file_failed, fmt::format("cannot open {}: {}", path, std::strerror(errno)));
  ::close(file);
  return {};
}

}  // namespace

void SqlStatement::Finalize::operator()(sqlite3_stmt* statement) const {
  sqlite3_finalize(statement);
}
void SqlDatabase::Close::operator()(sqlite3* database) const {
  sqlite3_close_v2(database);
}

SqlStatement& SqlStatement::bind(int index, std::int64_t value) {
  NYM_CHECK(!statement_ || sqlite3_bind_int64(statement_.get(), index, value) == SQLITE_OK);
  return *this;
}

SqlStatement& SqlStatement::bind(int index, std::string_view text) {
  NYM_CHECK(!statement_ || sqlite3_bind_text64(statement_.get(), index, text.data(), text.size(), SQLITE_TRANSIENT,
                                               SQLITE_UTF8) == SQLITE_OK);
  return *this;
}

SqlStatement& SqlStatement::bind_blob(int index, ByteView bytes) {
  // An empty blob must not become NULL.
  const void* data = bytes.empty() ? "" : static_cast<const void*>(bytes.data());
  NYM_CHECK(!statement_ ||
            sqlite3_bind_blob64(statement_.get(), index, data, bytes.size(), SQLITE_TRANSIENT) == SQLITE_OK);
  return *this;
}

Result<bool> SqlStatement::step() {
  if (!statement_) return fail(NetError::file_failed, prepare_error_);
  switch (sqlite3_step(statement_.get())) {
    case SQLITE_ROW:
      return true;
    case SQLITE_DONE:
      return false;
    default:
      return storage_error(database_);
  }
}

Result<void> SqlStatement::run() {
  auto stepped = step();
  reset();
  if (!stepped) return std::unexpected(stepped.error());
  return {};
}

void SqlStatement::reset() {
  if (statement_) sqlite3_reset(statement_.get());
}

std::int64_t SqlStatement::integer(int column) const {
  return sqlite3_column_int64(statement_.get(), column);
}

std::string_view SqlStatement::text(int column) const {
  return as_text(blob(column));
}

ByteView SqlStatement::blob(int column) const {
  const auto* data = static_cast<const std::uint8_t*>(sqlite3_column_blob(statement_.get(), column));
  auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column));
  return data == nullptr ? ByteView() : ByteView(data, size);
}

Result<SqlDatabase> SqlDatabase::open(const std::string& path) {
  if (path != kInMemory) NYM_TRY_VOID(make_private_file(path));
  sqlite3* raw = nullptr;
  int status = sqlite3_open_v2(path.c_str(), &raw, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nullptr);
  SqlDatabase database(raw);
  if (status != SQLITE_OK) return storage_error(raw);
  sqlite3_busy_timeout(raw, kBusyTimeoutMs);
  return database;
}

Result<void> SqlDatabase::execute(const std::string& sql) {
  if (sqlite3_exec(database_.get(), sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) {
    return storage_error(database_.get());
  }
  return {};
}

SqlStatement SqlDatabase::prepare(const char* sql) {
  sqlite3_stmt* statement = nullptr;
  int status = sqlite3_prepare_v3(database_.get(), sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
  return {statement, database_.get(), status == SQLITE_OK ? "" : storage_error(database_.get()).error().text()};
}

}  // namespace nym::net
