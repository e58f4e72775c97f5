#include "net/storage/reply_store_file.h"

#include <fmt/format.h>

#include <filesystem>
#include <map>

#include "engine/base/overloaded.h"

namespace nym::net {
namespace {

/// Marks files that ours keeps current all the time: after a crash they are as good as after a clean stop.
constexpr const char* kOurs = "1853453667";
constexpr std::int64_t kOursValue = 1'853'453'667;

constexpr const char* kReplySchema = R"(
CREATE TABLE status (
  flush_in_progress INTEGER NOT NULL, previous_flush_timestamp INTEGER NOT NULL, client_in_use INTEGER NOT NULL);
CREATE TABLE reply_surb_storage_metadata (
  min_reply_surb_threshold INTEGER NOT NULL, max_reply_surb_threshold INTEGER NOT NULL);
CREATE TABLE sender_tag (recipient BLOB NOT NULL UNIQUE, tag BLOB NOT NULL UNIQUE);
CREATE TABLE reply_key (
  key_digest BLOB NOT NULL UNIQUE, reply_key BLOB NOT NULL UNIQUE, sent_at_timestamp INTEGER NOT NULL);
CREATE TABLE reply_surb_sender (
  id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, last_sent_timestamp INTEGER NOT NULL, tag BLOB NOT NULL UNIQUE);
CREATE TABLE reply_surb (
  reply_surb_sender_id INTEGER NOT NULL, reply_surb BLOB NOT NULL,
  FOREIGN KEY (reply_surb_sender_id) REFERENCES reply_surb_sender(id));
CREATE TABLE _sqlx_migrations (
  version BIGINT PRIMARY KEY, description TEXT NOT NULL, installed_on TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
  success BOOLEAN NOT NULL, checksum BLOB NOT NULL, execution_time BIGINT NOT NULL);
INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) VALUES (
  20221130120000, 'create initial tables', TRUE,
  x'96f2fb6a7d89d75b814bc6be813a9d2e661c3b78e334c6f4d2af338d023d661a45bc264ee87bb94ab8591553ac61fefd', 0);
)";

constexpr std::int64_t kSecondsPerDay = 86'400;

std::unexpected<Error> corrupt(const char* what) {
  return fail(NetError::file_failed, what);
}

template <std::size_t N>
Result<ByteArray<N>> exactly(ByteView bytes, const char* what) {
  if (bytes.size() != N) return corrupt(what);
  return to_array<N>(bytes);
}

}  // namespace

Result<ReplyStoreFile::Opened> ReplyStoreFile::open(const std::string& path, const Thresholds& thresholds,
                                                    UnixSeconds now) {
  std::string note;
  if (std::filesystem::exists(path)) {
    auto opened = open_existing(path, now);
    if (opened) return opened;
    auto aside = fmt::format("{}._{}.corrupted", path, now.value);
    std::error_code failed;
    std::filesystem::rename(path, aside, failed);
    if (failed) {
      return fail(NetError::file_failed,
                  fmt::format("cannot set the reply store {} aside: {}", path, failed.message()));
    }
    note = fmt::format("the reply store could not be used ({}): set aside as {}, a fresh one was made",
                       opened.error().text(), aside);
  }
  NYM_TRY(auto file, create(path, thresholds, now));
  return Opened{std::move(file), {}, std::move(note)};
}

Result<ReplyStoreFile> ReplyStoreFile::create(const std::string& path, const Thresholds& thresholds, UnixSeconds now) {
  NYM_TRY(auto database, SqlDatabase::open(path));
  NYM_TRY_VOID(database.execute("PRAGMA foreign_keys = ON; BEGIN;"));
  NYM_TRY_VOID(database.execute(kReplySchema));
  NYM_TRY_VOID(
      database.execute(fmt::format("INSERT INTO status VALUES (0, {}, 1);"
                                   "INSERT INTO reply_surb_storage_metadata VALUES ({}, {});"
                                   "PRAGMA application_id = {}; COMMIT;",
                                   now.value, thresholds.min_surbs, thresholds.max_surbs, kOurs)));
  return ReplyStoreFile(std::move(database));
}

Result<ReplyStoreFile::Opened> ReplyStoreFile::open_existing(const std::string& path, UnixSeconds now) {
  NYM_TRY(auto database, SqlDatabase::open(path));
  NYM_TRY_VOID(database.execute("PRAGMA foreign_keys = ON"));
  ReplyStoreFile file(std::move(database));
  NYM_TRY_VOID(file.purge_untrusted(now));
  NYM_TRY(auto replies, file.load());
  NYM_TRY_VOID(
      file.database_.execute(fmt::format("UPDATE status SET client_in_use = 1; PRAGMA application_id = {}", kOurs)));
  return Opened{std::move(file), std::move(replies), {}};
}

// 04 §2.9: what the original does with a store that was not left in good order, and with an old one.
Result<void> ReplyStoreFile::purge_untrusted(UnixSeconds now) {
  NYM_TRY(auto rows, query_integer("SELECT count(*) FROM status"));
  NYM_TRY(auto metadata, query_integer("SELECT count(*) FROM reply_surb_storage_metadata"));
  if (rows != 1 || metadata != 1) return corrupt("its status is missing");
  NYM_TRY(auto flushing, query_integer("SELECT flush_in_progress FROM status"));
  NYM_TRY(auto flushed_at, query_integer("SELECT previous_flush_timestamp FROM status"));
  NYM_TRY(auto in_use, query_integer("SELECT client_in_use FROM status"));
  NYM_TRY(auto writer, query_integer("PRAGMA application_id"));
  if (flushing > 0 || flushed_at == 0) return corrupt("its last writer did not finish");
  bool crashed = in_use > 0 && writer != kOursValue;
  auto days = in_use > 0 && writer == kOursValue ? 0 : (now.value - flushed_at) / kSecondsPerDay;
  if (crashed || days > 0) NYM_TRY_VOID(database_.execute("DELETE FROM reply_surb; DELETE FROM reply_surb_sender"));
  if (crashed || days > 1) NYM_TRY_VOID(database_.execute("DELETE FROM reply_key"));
  if (days > 2) NYM_TRY_VOID(database_.execute("DELETE FROM sender_tag"));
  return {};
}

Result<client::StoredReplies> ReplyStoreFile::load() {
  client::StoredReplies replies;
  auto keys = database_.prepare("SELECT reply_key, sent_at_timestamp FROM reply_key");
  for (;;) {
    NYM_TRY(bool row, keys.step());
    if (!row) break;
    NYM_TRY(auto key, exactly<16>(keys.blob(0), "a reply key has a wrong size"));
    replies.keys.push_back({sphinx::SurbKey(key), {keys.integer(1)}});
  }
  auto tags = database_.prepare("SELECT recipient, tag FROM sender_tag");
  for (;;) {
    NYM_TRY(bool row, tags.step());
    if (!row) break;
    NYM_TRY(auto bytes, exactly<wire::Recipient::kSize>(tags.blob(0), "a recipient has a wrong size"));
    NYM_TRY(auto recipient, wire::Recipient::from_bytes(bytes));
    NYM_TRY(auto tag, exactly<wire::SenderTag::kSize>(tags.blob(1), "a sender tag has a wrong size"));
    replies.own_tags.push_back({recipient, {tag}});
  }
  std::map<std::int64_t, std::size_t> index_of;
  auto senders = database_.prepare("SELECT id, last_sent_timestamp, tag FROM reply_surb_sender ORDER BY id");
  for (;;) {
    NYM_TRY(bool row, senders.step());
    if (!row) break;
    NYM_TRY(auto tag, exactly<wire::SenderTag::kSize>(senders.blob(2), "a sender tag has a wrong size"));
    index_of[senders.integer(0)] = replies.senders.size();
    replies.senders.push_back({{tag}, {senders.integer(1)}, {}});
  }
  auto surbs = database_.prepare("SELECT reply_surb_sender_id, reply_surb FROM reply_surb ORDER BY rowid");
  for (;;) {
    NYM_TRY(bool row, surbs.step());
    if (!row) return replies;
    Bytes surb = to_bytes(surbs.blob(1));
    bool possible = surb.size() > sphinx::SurbKey::kSize && sphinx::surb_form(surb.size() - sphinx::SurbKey::kSize);
    if (!possible) return corrupt("a reply surb has a wrong size");
    auto sender = index_of.find(surbs.integer(0));
    if (sender == index_of.end()) return corrupt("a reply surb has no sender");
    replies.senders[sender->second].surbs.push_back({std::move(surb)});
  }
}

Result<void> ReplyStoreFile::commit(std::span<const client::ReplyOperation> operations) {
  return database_.transaction([&]() -> Result<void> {
    for (const auto& operation : operations) NYM_TRY_VOID(apply(operation));
    return {};
  });
}

Result<void> ReplyStoreFile::apply(const client::ReplyOperation& operation) {
  return std::visit(
      Overloaded{
          [&](const client::AddReplyKeys& added) -> Result<void> {
            auto insert = database_.prepare("INSERT OR REPLACE INTO reply_key VALUES (?, ?, ?)");
            for (const auto& key : added.keys) {
              insert.bind_blob(1, sphinx::digest_of(key).bytes).bind_blob(2, key.expose()).bind(3, added.sent_at.value);
              NYM_TRY_VOID(insert.run());
            }
            return {};
          },
          [&](const client::RemoveReplyKey& removed) {
            return database_.prepare("DELETE FROM reply_key WHERE key_digest = ?")
                .bind_blob(1, removed.digest.bytes)
                .run();
          },
          [&](const client::SetSenderTag& set) {
            auto insert = database_.prepare("INSERT OR REPLACE INTO sender_tag VALUES (?, ?)");
            return insert.bind_blob(1, set.recipient.to_bytes()).bind_blob(2, set.tag.bytes).run();
          },
          [&](const client::AddSurbs& added) { return add_surbs(added); },
          [&](const client::RemoveSurbs& removed) { return remove_surbs(removed); },
      },
      operation);
}

Result<void> ReplyStoreFile::add_surbs(const client::AddSurbs& added) {
  auto sender = database_.prepare(
      "INSERT INTO reply_surb_sender (last_sent_timestamp, tag) VALUES (?, ?) "
      "ON CONFLICT (tag) DO UPDATE SET last_sent_timestamp = excluded.last_sent_timestamp");
  NYM_TRY_VOID(sender.bind(1, added.received_at.value).bind_blob(2, added.sender.bytes).run());
  auto insert = database_.prepare("INSERT INTO reply_surb SELECT id, ? FROM reply_surb_sender WHERE tag = ?");
  for (const auto& surb : added.surbs) {
    NYM_TRY_VOID(insert.bind_blob(1, surb.bytes).bind_blob(2, added.sender.bytes).run());
  }
  return {};
}

Result<void> ReplyStoreFile::remove_surbs(const client::RemoveSurbs& removed) {
  auto remove = database_.prepare(
      "DELETE FROM reply_surb WHERE reply_surb = ? AND reply_surb_sender_id IN "
      "(SELECT id FROM reply_surb_sender WHERE tag = ?)");
  for (const auto& surb : removed.surbs) {
    NYM_TRY_VOID(remove.bind_blob(1, surb.bytes).bind_blob(2, removed.sender.bytes).run());
  }
  return {};
}

Result<void> ReplyStoreFile::close(UnixSeconds now) {
  return database_.execute(fmt::format(
      "UPDATE status SET flush_in_progress = 0, previous_flush_timestamp = {}, client_in_use = 0", now.value));
}

Result<std::int64_t> ReplyStoreFile::query_integer(const char* sql) {
  auto query = database_.prepare(sql);
  NYM_TRY(bool row, query.step());
  if (!row) return corrupt("it is empty");
  return query.integer(0);
}

}  // namespace nym::net
