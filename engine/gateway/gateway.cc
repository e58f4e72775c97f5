#include "engine/gateway/gateway.h"

#include <algorithm>

#include "engine/base/overloaded.h"
#include "engine/base/probe.h"
#include "engine/relay/peel_drop.h"
#include "engine/wire/cover.h"
#include "engine/wire/final_payload.h"

namespace nym::gateway {

Gateway::Gateway(Config config, StoredState stored, const sphinx::Suite& suite, RandomSource& random)
    : config_(std::move(config)),
      suite_(suite),
      random_(random.fork("gateway")),
      registry_(std::move(stored.clients)),
      inbox_(std::move(stored.inbox)),
      replays_(config_.replay),
      links_(config_.links, *random_, *this) {}

void Gateway::handle_input(TimePoint now, Input&& input) {
  now = outbox_.begin_mutation(now);
  std::visit(Overloaded{
                 [&](relay::HopsKnown& hops) { links_.know(std::move(hops.addresses)); },
                 [&](relay::LinkOpened& opened) { links_.on_opened(opened.connection); },
                 [&](relay::LinkWritten& written) { links_.on_written(written.connection, written.frames); },
                 [&](relay::LinkClosed& closed) { links_.on_closed(now, closed.connection); },
                 [&](relay::FrameReceived& received) { on_frame(received.frame); },
                 [&](ClientConnected& connected) { on_client_connected(connected.connection); },
                 [&](ClientText& message) { on_client_text(message); },
                 [&](ClientBinary& message) { on_client_binary(message); },
                 [&](ClientPong& pong) { on_pong(pong.connection); },
                 [&](ClientWritten& written) { on_client_written(written); },
                 [&](ClientDisconnected& gone) { on_client_disconnected(gone); },
                 [&](Persisted& persisted) { on_persisted(persisted); },
                 [&](InboxRead& read) { on_inbox_read(read); },
             },
             input);
}

void Gateway::handle_timeout(TimePoint now) {
  now = outbox_.begin_mutation(now);
  links_.on_timeout(now);
  end_challenges_due(now);
  for (auto connection : newcomers_.take_due(now)) {
    reach(Probe::gateway_silent_newcomer_closed);
    drop(DropReason::slow_frame);
    outbox_.push(CloseClient{connection});
    forget(connection);
  }
}

std::optional<TimePoint> Gateway::poll_timeout() const {
  outbox_.check_drained();
  auto deadline = links_.next_deadline();
  for (const auto& other : {newcomers_.earliest(), challenges_.earliest()}) {
    if (other && (!deadline || *other < *deadline)) deadline = other;
  }
  return deadline;
}

// 03 §10.2
void Gateway::on_frame(const wire::MixFrame& frame) {
  if (frame.type != wire::PacketType::mix || wire::is_outfox(frame.size))
    return drop(DropReason::unsupported_packet_type);
  auto peeled = suite_.peel(frame.packet, config_.sphinx_key);
  if (!peeled) {
    reach(Probe::gateway_bad_header);
    return drop(relay::drop_reason_of(peeled.error()));
  }
  if (replays_.check_and_remember(peeled->tag) == relay::ReplayFilter::Verdict::replayed) {
    reach(Probe::gateway_replayed);
    return drop(DropReason::replayed);
  }
  const auto* final_packet = std::get_if<sphinx::FinalPacket>(&peeled->hop);
  if (final_packet == nullptr) return drop(DropReason::forward_hop_at_gateway);
  ClientAddress client{final_packet->destination.bytes};
  if (wire::is_ack(frame.size)) return deliver_ack(client, final_packet->plaintext);
  if (wire::is_drop_cover(frame.size, final_packet->plaintext.size())) return drop(DropReason::drop_cover);
  deliver_message(client, final_packet->plaintext);
}

// An acknowledgement has none of its own.
void Gateway::deliver_ack(const ClientAddress& client, const Blob& plaintext) {
  if (auto connection = connection_with_room(client)) {
    return push(*connection, sessions_.at(*connection),
                {.kind = Session::Push::Kind::acknowledgement, .content = plaintext});
  }
  reach(Probe::inbox_ack_stored);
  store(client, plaintext, std::nullopt);
}

void Gateway::deliver_message(const ClientAddress& client, const Blob& plaintext) {
  auto split = wire::split_final_payload(plaintext);
  if (!split) {
    reach(Probe::gateway_bad_surb_ack);
    return drop(DropReason::bad_surb_ack);
  }
  Session::Ack ack{split->ack_first_hop, split->ack_packet};
  if (auto connection = connection_with_room(client)) {
    return push(*connection, sessions_.at(*connection),
                {Session::Push::Kind::message, split->message, std::move(ack), {}});
  }
  reach(Probe::inbox_message_stored);
  store(client, split->message, std::move(ack));
}

void Gateway::send_ack(const Session::Ack& ack) {
  outbox_.push(Event(AckSent{}));
  links_.send(outbox_.now(), ack.first_hop, {wire::PacketSize::ack, wire::PacketType::mix, ack.packet});
}

void Gateway::store(const ClientAddress& client, const Blob& message, std::optional<Session::Ack> ack) {
  if (persisting_.size() >= limits::kStoresInFlight) return drop(DropReason::storage_failed);
  auto registered = registry_.find(client) != nullptr ? InboxBudget::Registered::yes : InboxBudget::Registered::no;
  if (!inbox_.reserve(client, message.size(), registered)) {
    reach(Probe::inbox_full);
    return drop(DropReason::inbox_full);
  }
  persist({StoreMessage{client, message}},
          [this, client, size = message.size(), ack = std::move(ack)](const std::optional<std::string>& error) {
            if (error) {
              reach(Probe::inbox_store_failed);
              inbox_.release(client, 1, size);
              return drop(DropReason::storage_failed);
            }
            outbox_.push(Event(MessageStored{size}));
            if (ack) send_ack(*ack);
            on_stored_for(client);
          });
}

std::optional<ConnectionId> Gateway::connection_with_room(const ClientAddress& client) {
  auto found = connected_.find(client);
  if (found == connected_.end()) return std::nullopt;
  Session& session = sessions_.at(found->second);
  if (session.state != Session::State::active || session.pushes.size() >= limits::kPushesInFlight) return std::nullopt;
  if (session.unconfirmed.size() < limits::kUnconfirmedPushes) return found->second;
  if (session.pings.empty()) ping(found->second, session);
  return std::nullopt;
}

void Gateway::push(ConnectionId connection, Session& session, Session::Push push) {
  outbox_.push(Event(MessagePushed{push.content.size()}));
  outbox_.push(SendBinary{connection, suite_.seal_envelope(session.keys, {}, push.content)});
  session.pushes.push_back(std::move(push));
}

void Gateway::persist(std::vector<StoreOperation> operations, PersistDone done) {
  PersistId id{next_persist_++};
  persisting_.emplace(id, std::move(done));
  outbox_.push(Persist{id, std::move(operations)});
}

void Gateway::on_persisted(const Persisted& persisted) {
  auto waiting = persisting_.find(persisted.id);
  NYM_CHECK(waiting != persisting_.end());
  PersistDone done = std::move(waiting->second);
  persisting_.erase(waiting);
  if (done) done(persisted.error);
}

void Gateway::dial(ConnectionId connection, const Endpoint& address) {
  outbox_.push(relay::DialLink{connection, address});
}
void Gateway::send(ConnectionId connection, wire::MixFrame frame) {
  outbox_.push(relay::SendFrame{connection, std::move(frame)});
}
void Gateway::dropped(DropReason reason, std::size_t frames) {
  for (std::size_t i = 0; i < frames; ++i) drop(reason);
}

}  // namespace nym::gateway
