#include "engine/base/probe.h"
#include "engine/gateway/gateway.h"

// What was stored for a client while it was away, or while its connection was full, goes out in batches (03 §9.3).
namespace nym::gateway {

void Gateway::read_inbox(ConnectionId connection, Session& session) {
  session.is_reading = true;
  session.has_rows = false;
  PersistId id{next_persist_++};
  reading_.emplace(id, connection);
  outbox_.push(ReadInbox{id, session.client, session.last_row, limits::kInboxBatch + 1});
}

// Rows are deleted once they were written to the socket, and the next batch follows only then: a connection that dies
// in between leaves them for the next login.
void Gateway::on_inbox_read(const InboxRead& read) {
  auto reading = reading_.find(read.id);
  NYM_CHECK(reading != reading_.end());
  ConnectionId connection = reading->second;
  reading_.erase(reading);
  auto found = sessions_.find(connection);
  if (found == sessions_.end()) return;
  Session& session = found->second;
  if (read.error) {
    reach(Probe::inbox_read_failed);
    refuse(connection, session, kStorageError, Then::close);
    return end_session(connection, session);
  }
  std::span<const StoredMessage> batch(read.messages);
  if (batch.size() > limits::kInboxBatch) {
    reach(Probe::inbox_next_batch);
    session.has_rows = true;
    batch = batch.first(limits::kInboxBatch);
  }
  if (batch.empty()) return inbox_is_empty(connection, session);
  session.rows_left = batch.size();
  for (const auto& row : batch) {
    session.last_row = row.id;
    push(connection, session, {.kind = Session::Push::Kind::stored, .content = row.content, .row = row.id});
  }
}

void Gateway::inbox_is_empty(ConnectionId connection, Session& session) {
  session.is_reading = false;
  if (session.state == Session::State::emptying_inbox) become_active(connection, session);
  empty_inbox_again(connection, session);
}

// Something was stored for a client that is here: its queue was full, or its login was not over yet.
void Gateway::on_stored_for(const ClientAddress& client) {
  auto connected = connected_.find(client);
  if (connected == connected_.end()) return;
  reach(Probe::inbox_stored_for_connected);
  Session& session = sessions_.at(connected->second);
  session.has_rows = true;
  empty_inbox_again(connected->second, session);
}

void Gateway::empty_inbox_again(ConnectionId connection, Session& session) {
  bool has_room = session.pushes.size() + limits::kInboxBatch <= limits::kPushesInFlight / 2;
  if (session.state != Session::State::active || session.is_reading || !session.has_rows || !has_room) return;
  if (session.unconfirmed.size() >= limits::kUnconfirmedPushes) {
    if (session.pings.empty()) ping(connection, session);
    return;
  }
  read_inbox(connection, session);
}

void Gateway::on_client_written(const ClientWritten& written) {
  auto found = sessions_.find(written.connection);
  if (found == sessions_.end()) return;
  Session& session = found->second;
  for (std::size_t i = 0; i < written.messages && !session.pushes.empty(); ++i) {
    auto push = session.pushes.take_front();
    push_written(session, push);
  }
  if (session.unconfirmed.size() >= limits::kPushesBetweenPings && session.pings.empty()) {
    ping(written.connection, session);
  }
  if (session.rows_left == 0 && !session.written_rows.empty()) delete_written_rows(written.connection, session);
  empty_inbox_again(written.connection, session);
}

void Gateway::push_written(Session& session, Session::Push& push) {
  if (push.kind == Session::Push::Kind::stored) {
    session.written_rows.push_back(push.row);
    session.written_bytes += push.content.size();
    --session.rows_left;
  }
  if (push.kind != Session::Push::Kind::control) keep_unconfirmed(session, push.content);
  if (push.ack) send_ack(*push.ack);
}

void Gateway::keep_unconfirmed(Session& session, const Blob& content) const {
  ++session.written;
  session.unconfirmed.push_back(content);
  constexpr auto kMost = limits::kUnconfirmedPushes + limits::kPushesInFlight;
  if (session.unconfirmed.size() > kMost) session.unconfirmed.pop_front();
}

void Gateway::delete_written_rows(ConnectionId connection, Session& session) {
  auto rows = std::exchange(session.written_rows, {});
  auto bytes = std::exchange(session.written_bytes, 0);
  persist({DeleteMessages{rows}}, [this, connection, client = session.client, count = rows.size(),
                                   bytes](const std::optional<std::string>& error) {
    if (error) reach(Probe::inbox_rows_not_deleted);
    if (!error) inbox_.release(client, count, bytes);
    if (connection.value != 0) on_rows_deleted(connection);
  });
}

void Gateway::on_rows_deleted(ConnectionId connection) {
  auto found = sessions_.find(connection);
  if (found == sessions_.end()) return;
  Session& session = found->second;
  session.is_reading = false;
  if (session.state == Session::State::emptying_inbox) return read_inbox(connection, session);
  empty_inbox_again(connection, session);
}

}  // namespace nym::gateway
