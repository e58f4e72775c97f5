#include "net/storage/journal_file.h"

#include <fmt/format.h>

#include "engine/base/overloaded.h"
#include "engine/client/fragmenter.h"

namespace nym::net {
namespace {

constexpr std::int64_t kVersion = 1;
constexpr const char* kJournalSchema = R"(
PRAGMA synchronous = FULL;
CREATE TABLE IF NOT EXISTS message (
  id INTEGER NOT NULL PRIMARY KEY, target BLOB NOT NULL, packet_size TEXT NOT NULL, sets BLOB NOT NULL,
  content BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS finished_set (id INTEGER NOT NULL PRIMARY KEY, finished_at INTEGER NOT NULL);
)";
/// As long as a running client remembers them.
constexpr std::int64_t kSetsLiveSeconds = 3'600;

using Target = std::variant<wire::SenderTag, wire::Recipient>;

std::unexpected<Error> unusable(const std::string& path, std::string_view what) {
  return fail(NetError::file_failed,
              fmt::format("the journal {} cannot be used: {}; move it away to go on without its messages", path, what));
}

Bytes bytes_of(const Target& target) {
  return std::visit(Overloaded{[](const wire::SenderTag& tag) { return to_bytes(tag.bytes); },
                               [](const wire::Recipient& recipient) { return to_bytes(recipient.to_bytes()); }},
                    target);
}

Result<Target> target_from(ByteView bytes) {
  if (bytes.size() == wire::SenderTag::kSize) return Target(wire::SenderTag{to_array<wire::SenderTag::kSize>(bytes)});
  if (bytes.size() != wire::Recipient::kSize) return fail(NetError::file_failed, "a target has a wrong size");
  NYM_TRY(auto recipient, wire::Recipient::from_bytes(bytes.first<wire::Recipient::kSize>()));
  return Target(recipient);
}

Bytes bytes_of(const std::vector<wire::SetId>& sets) {
  ByteWriter writer(sets.size() * 4);
  for (auto set : sets) writer.put_be(set.value);
  return writer.finish();
}

Result<client::JournaledMessage> message_from(const SqlStatement& row) {
  NYM_TRY(auto target, target_from(row.blob(1)));
  auto size = wire::packet_size_from_name(row.text(2));
  if (!size || wire::is_ack(*size)) return fail(NetError::file_failed, "a packet size is unknown");
  client::JournaledMessage message{
      client::MessageId{static_cast<std::uint64_t>(row.integer(0))}, target, *size, {}, to_bytes(row.blob(4))};
  ByteReader sets(row.blob(3));
  while (auto set = sets.take_be<std::uint32_t>()) message.sets.push_back({*set});
  if (message.sets.size() != client::sets_needed(message.serialised.size(), *size)) {
    return fail(NetError::file_failed, "a message does not fit its sets");
  }
  return message;
}

}  // namespace

Result<JournalFile::Opened> JournalFile::open(const std::string& path, UnixSeconds now) {
  auto opened = [&]() -> Result<Opened> {
    NYM_TRY(auto database, SqlDatabase::open(path));
    auto query = database.prepare("PRAGMA user_version");
    NYM_TRY(bool row, query.step());
    auto version = row ? query.integer(0) : 0;
    query.reset();
    if (version > kVersion) return fail(NetError::file_failed, "it was written by a later version");
    NYM_TRY_VOID(database.execute(kJournalSchema));
    NYM_TRY_VOID(database.execute(fmt::format("PRAGMA user_version = {}", kVersion)));
    JournalFile file(std::move(database));
    NYM_TRY_VOID(file.forget_sets_before({now.value - kSetsLiveSeconds}));
    NYM_TRY(auto messages, file.load());
    NYM_TRY(auto sets, file.load_sets());
    return Opened{std::move(file), std::move(messages), std::move(sets)};
  }();
  if (!opened) return unusable(path, opened.error().text());
  return opened;
}

Result<std::vector<client::JournaledMessage>> JournalFile::load() {
  std::vector<client::JournaledMessage> messages;
  auto rows = database_.prepare("SELECT id, target, packet_size, sets, content FROM message ORDER BY id");
  for (;;) {
    NYM_TRY(bool row, rows.step());
    if (!row) return messages;
    NYM_TRY(auto message, message_from(rows));
    messages.push_back(std::move(message));
  }
}

Result<std::vector<wire::SetId>> JournalFile::load_sets() {
  std::vector<wire::SetId> sets;
  auto rows = database_.prepare("SELECT id FROM finished_set ORDER BY finished_at");
  for (;;) {
    NYM_TRY(bool row, rows.step());
    if (!row) return sets;
    sets.push_back({static_cast<std::uint32_t>(rows.integer(0))});
  }
}

Result<void> JournalFile::forget_sets_before(UnixSeconds limit) {
  return database_.prepare("DELETE FROM finished_set WHERE finished_at < ?").bind(1, limit.value).run();
}

Result<void> JournalFile::remember(const client::RememberFinishedSets& finished) {
  NYM_TRY_VOID(forget_sets_before({finished.at.value - kSetsLiveSeconds}));
  auto insert = database_.prepare("INSERT OR REPLACE INTO finished_set VALUES (?, ?)");
  for (auto set : finished.sets) {
    NYM_TRY_VOID(insert.bind(1, static_cast<std::int64_t>(set.value)).bind(2, finished.at.value).run());
  }
  return {};
}

Result<void> JournalFile::commit(std::span<const client::JournalOperation> operations) {
  return database_.transaction([&]() -> Result<void> {
    for (const auto& operation : operations) NYM_TRY_VOID(apply(operation));
    return {};
  });
}

Result<void> JournalFile::apply(const client::JournalOperation& operation) {
  return std::visit(Overloaded{[&](const client::AddToJournal& added) { return add(added.message); },
                               [&](const client::RememberFinishedSets& finished) { return remember(finished); },
                               [&](const client::RemoveFromJournal& removed) {
                                 return database_.prepare("DELETE FROM message WHERE id = ?")
                                     .bind(1, static_cast<std::int64_t>(removed.id.value))
                                     .run();
                               }},
                    operation);
}

Result<void> JournalFile::add(const client::JournaledMessage& message) {
  return database_.prepare("INSERT INTO message VALUES (?, ?, ?, ?, ?)")
      .bind(1, static_cast<std::int64_t>(message.id.value))
      .bind_blob(2, bytes_of(message.target))
      .bind(3, wire::name_of(message.size))
      .bind_blob(4, bytes_of(message.sets))
      .bind_blob(5, message.serialised)
      .run();
}

}  // namespace nym::net
