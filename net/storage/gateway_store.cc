#include "net/storage/gateway_store.h"

#include <fmt/format.h>

#include "engine/base/overloaded.h"
#include "engine/base/text_encoding.h"

namespace nym::net {
namespace {

constexpr const char* kGatewaySchema = R"(
PRAGMA journal_mode = WAL;
PRAGMA synchronous = FULL;
CREATE TABLE IF NOT EXISTS shared_keys (
  client_address_bs58 TEXT NOT NULL PRIMARY KEY UNIQUE,
  derived_aes128_ctr_blake3_hmac_keys_bs58 TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS message_store (
  id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
  client_address_bs58 TEXT NOT NULL,
  content BLOB NOT NULL);
CREATE INDEX IF NOT EXISTS message_store_index ON message_store (client_address_bs58, content);
CREATE TABLE IF NOT EXISTS available_bandwidth (
  client_address_bs58 TEXT NOT NULL PRIMARY KEY UNIQUE,
  available INTEGER NOT NULL);
)";

std::string key_of(const gateway::ClientAddress& client) {
  return to_base58(client.bytes);
}

template <std::size_t N>
Result<ByteArray<N>> decode(std::string_view text, const char* what) {
  auto bytes = from_base58(text);
  if (bytes && bytes->size() == N) return to_array<N>(*bytes);
  return fail(NetError::file_failed, fmt::format("the gateway's database has a malformed {}: {}", what, text));
}

}  // namespace

Result<GatewayStore> GatewayStore::open(const std::string& path) {
  NYM_TRY(auto database, SqlDatabase::open(path));
  NYM_TRY_VOID(database.execute(kGatewaySchema));
  return GatewayStore(std::move(database));
}

GatewayStore::GatewayStore(SqlDatabase database)
    : database_(std::move(database)),
      put_keys_(database_.prepare("INSERT OR REPLACE INTO shared_keys VALUES (?, ?)")),
      add_bandwidth_row_(database_.prepare("INSERT OR IGNORE INTO available_bandwidth VALUES (?, 0)")),
      set_bandwidth_(database_.prepare("INSERT OR REPLACE INTO available_bandwidth VALUES (?, ?)")),
      add_message_(database_.prepare("INSERT INTO message_store (client_address_bs58, content) VALUES (?, ?)")),
      delete_message_(database_.prepare("DELETE FROM message_store WHERE id = ?")),
      read_messages_(database_.prepare("SELECT id, content FROM message_store WHERE client_address_bs58 = ? AND id > ? "
                                       "ORDER BY id LIMIT ?")) {}

Result<gateway::StoredState> GatewayStore::load() {
  gateway::StoredState state;
  auto clients = database_.prepare(
      "SELECT k.client_address_bs58, k.derived_aes128_ctr_blake3_hmac_keys_bs58, ifnull(b.available, 0) FROM "
      "shared_keys k "
      "LEFT JOIN available_bandwidth b USING (client_address_bs58)");
  for (;;) {
    NYM_TRY(bool row, clients.step());
    if (!row) break;
    NYM_TRY(auto address, decode<32>(clients.text(0), "client address"));
    NYM_TRY(auto keys, decode<32>(clients.text(1), "shared key"));
    state.clients.push_back({{address}, sphinx::GatewaySharedKeys::from_bytes(keys), clients.integer(2)});
    wipe(keys);
  }
  auto inbox = database_.prepare(
      "SELECT client_address_bs58, count(*), sum(length(content)) FROM message_store GROUP BY client_address_bs58");
  for (;;) {
    NYM_TRY(bool row, inbox.step());
    if (!row) break;
    NYM_TRY(auto address, decode<32>(inbox.text(0), "client address"));
    state.inbox[{address}] = {static_cast<std::size_t>(inbox.integer(1)), static_cast<std::size_t>(inbox.integer(2))};
  }
  return state;
}

Result<void> GatewayStore::commit(std::span<const gateway::StoreOperation> operations) {
  return database_.transaction([&]() -> Result<void> {
    for (const auto& operation : operations) NYM_TRY_VOID(apply(operation));
    return {};
  });
}

Result<void> GatewayStore::apply(const gateway::StoreOperation& operation) {
  return std::visit(
      Overloaded{
          [&](const gateway::StoreSharedKeys& keys) -> Result<void> {
            auto client = key_of(keys.client);
            NYM_TRY_VOID(put_keys_.bind(1, client).bind(2, to_base58(keys.keys.to_bytes().expose())).run());
            return add_bandwidth_row_.bind(1, client).run();
          },
          [&](const gateway::StoreBandwidth& bandwidth) {
            return set_bandwidth_.bind(1, key_of(bandwidth.client)).bind(2, bandwidth.available).run();
          },
          [&](const gateway::StoreMessage& message) {
            return add_message_.bind(1, key_of(message.client)).bind_blob(2, message.content.to_bytes()).run();
          },
          [&](const gateway::DeleteMessages& deleted) -> Result<void> {
            for (auto id : deleted.ids) NYM_TRY_VOID(delete_message_.bind(1, id.value).run());
            return {};
          },
      },
      operation);
}

Result<std::vector<gateway::StoredMessage>> GatewayStore::read_inbox(const gateway::ReadInbox& request) {
  std::vector<gateway::StoredMessage> messages;
  read_messages_.bind(1, key_of(request.client))
      .bind(2, request.after.value)
      .bind(3, static_cast<std::int64_t>(request.limit));
  for (;;) {
    auto row = read_messages_.step();
    if (row && *row) {
      messages.push_back({{read_messages_.integer(0)}, Blob(to_bytes(read_messages_.blob(1)))});
      continue;
    }
    read_messages_.reset();
    if (!row) return std::unexpected(row.error());
    return messages;
  }
}

}  // namespace nym::net
