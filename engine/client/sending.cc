#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "engine/base/overloaded.h"
#include "engine/base/probe.h"
#include "engine/client/client.h"

namespace nym::client {

// Of a large message there is never more than one copy for long: what was read goes before it is cut up.
void Client::on_app(FromApp& from) {
  auto asked = apps_.read(from.session, from.frame);
  from.frame.data = {};
  if (asked) on_request({from.session, from.frame.format, std::move(asked->message_id)}, asked->request);
  apps_.finish(from.session);
}

void Client::on_request(const Asker& asker, app_api::Request& request) {
  if (stop_by_) {
    return apps_.answer(asker.session, asker.format,
                        app_api::RequestError{app_api::ErrorKind::other, "the client is being stopped"});
  }
  std::visit(Overloaded{
                 [&](app_api::Send& send) {
                   send_plain(asker, send);
                   on_sent(asker, send.lane);
                 },
                 [&](app_api::SendAnonymous& send) {
                   send_anonymous(asker, send);
                   on_sent(asker, send.lane);
                 },
                 [&](app_api::Reply& reply) {
                   send_reply(asker, reply);
                   on_sent(asker, reply.lane);
                 },
                 [&](const app_api::SelfAddress&) {
                   apps_.answer(asker.session, asker.format, app_api::OwnAddress{config_.address()});
                 },
                 [&](const app_api::ClosedConnection& closed) { cancel_lane(lane_of(asker, closed.lane)); },
                 [&](const app_api::GetLaneQueueLength& get) { answer_lane_length(asker, get.lane); },
                 [](const app_api::Subscribe&) {},  // AppSessions answers
                 [&](const app_api::GetStatus&) { apps_.answer(asker.session, asker.format, app_status()); },
             },
             request);
}

void Client::on_sent(const Asker& asker, std::optional<app_api::LaneId> lane) {
  apps_.confirm(asker.session);
  if (lane) answer_lane_length(asker, *lane);
}

// 05 §4.3: what was published last, and what waits for SURBs.
void Client::answer_lane_length(const Asker& asker, app_api::LaneId id) {
  auto lane = lane_of(asker, id);
  auto length = queue_.published_length(lane) + reply_controller_.waiting_in(lane);
  apps_.answer(asker.session, asker.format, app_api::LaneQueueLength{id, length});
}

Lane Client::lane_of(const Asker& asker, std::optional<app_api::LaneId> lane) const {
  return Lane::of(apps_.lane_owner(asker.session), lane);
}

app_api::Status Client::app_status() const {
  return {.address = config_.address(),
          .gateway = apps_.link(),
          .apps = apps_.count(),
          .kept_messages = apps_.undelivered(),
          .queued_packets = queue_.size(),
          .open_messages = ledger_.size(),
          .max_message = config_.apps.max_message,
          .max_reply_surbs = config_.apps.max_reply_surbs};
}

std::shared_ptr<OutgoingMessage> Client::cut(const wire::Message& message, const Target& target,
                                             std::optional<MessageId> id) {
  Bytes serialised = wire::serialise(message);
  auto size =
      choose_packet_size(serialised.size(), config_.traffic.primary_packet_size, config_.traffic.secondary_packet_size);
  return std::make_shared<OutgoingMessage>(Fragmenter(std::move(serialised), size, *identifiers_), size, target, id);
}

MessageId Client::open_message(const Asker& asker) {
  auto id = ledger_.open(outbox_.now(), 0);
  event(MessageOpened{id});
  apps_.note_accepted(id, asker.session, asker.message_id);
  return id;
}

void Client::send_plain(const Asker& asker, app_api::Send& request) {
  auto bytes = request.data.size();
  accept(open_message(asker), wire::PlainMessage{std::move(request.data)}, bytes, lane_of(asker, request.lane),
         request.recipient, {});
}

// The keys that open its replies are on disk before an anonymous message leaves.
void Client::send_anonymous(const Asker& asker, app_api::SendAnonymous& request) {
  auto id = open_message(asker);
  bool may_wait =
      request.reply_surbs <= limits::kStrictReplySurbs && without_topology_.size() < limits::kMessagesWithoutTopology;
  if (topology_.usable() || !may_wait) return send_anonymous(id, asker, request);
  reach(Probe::client_waits_for_topology);
  without_topology_.push_back({id, asker, std::move(request)});
}

void Client::send_anonymous(MessageId id, const Asker& asker, app_api::SendAnonymous& request) {
  std::vector<StoreOperation> operations;
  auto bytes = request.data.size();
  auto surbs = make_surbs(request.reply_surbs, asker.session, operations);
  if (!surbs) return end_message(id, Outcome::failed, surbs.error().text());
  wire::RepliableMessage message{own_tag_for(request.recipient, operations), wire::RepliableKind::data,
                                 *std::move(surbs), std::move(request.data)};
  accept(id, message, bytes, lane_of(asker, request.lane), request.recipient, std::move(operations));
}

void Client::send_what_waited_for_a_topology() {
  for (auto& [id, asker, request] : std::exchange(without_topology_, {})) {
    if (ledger_.is_open(id)) send_anonymous(id, asker, request);
  }
}

void Client::send_reply(const Asker& asker, app_api::Reply& request) {
  auto bytes = request.data.size();
  accept(open_message(asker), wire::ReplyMessage{std::move(request.data)}, bytes, lane_of(asker, request.lane),
         ToSender{request.to}, {});
}

// What the message depends on is on disk before any of it leaves, with the journal also the message itself.
void Client::accept(MessageId id, const wire::Message& message, std::size_t bytes, const Lane& lane,
                    const Target& target, std::vector<StoreOperation> operations) {
  auto outgoing = cut(message, target, id);
  ledger_.set_fragments(id, outgoing->fragments());
  if (!queue_.has_room_for(outgoing->bytes() + reply_controller_.waiting_bytes())) {
    reach(Probe::client_queue_full);
    return end_message(id, Outcome::failed, "the send queue is full");
  }
  if (config_.journal == Switch::on) operations.emplace_back(AddToJournal{outgoing->journal_entry()});
  auto go_on = [this, id, bytes, lane, target, outgoing](const std::optional<std::string>& error) {
    if (!ledger_.is_open(id)) return;
    if (error) return end_message(id, Outcome::failed, fmt::format("cannot save what it depends on: {}", *error));
    event(MessageAccepted{id, bytes, outgoing->fragments()});
    enqueue(lane, target, outgoing);
  };
  if (operations.empty()) return go_on(std::nullopt);
  persist(std::move(operations), go_on);
}

void Client::enqueue(const Lane& lane, const Target& target, const std::shared_ptr<OutgoingMessage>& message) {
  if (const auto* sender = std::get_if<ToSender>(&target)) {
    return reply_controller_.reply(outbox_.now(), sender->tag, lane, message);
  }
  queue_.push(lane, message);
}

// The same fragments as before the crash: a receiver that has them already drops them.
void Client::resume(const JournaledMessage& journaled) {
  auto recipient = std::get_if<wire::Recipient>(&journaled.target);
  Target target =
      recipient != nullptr ? Target(*recipient) : Target(ToSender{std::get<wire::SenderTag>(journaled.target)});
  Fragmenter fragmenter(journaled.serialised, journaled.size, journaled.sets);
  auto message = std::make_shared<OutgoingMessage>(std::move(fragmenter), journaled.size, target, journaled.id);
  reach(Probe::client_journal_resumed);
  ledger_.resume(outbox_.now(), journaled.id, message->fragments());
  event(MessageAccepted{journaled.id, journaled.serialised.size(), message->fragments()});
  enqueue(Lane{}, target, message);
}

wire::SenderTag Client::own_tag_for(const wire::Recipient& recipient, std::vector<StoreOperation>& operations) {
  if (const auto* known = replies_.find_tag(recipient)) return *known;
  wire::SenderTag tag{draw_array<wire::SenderTag::kSize>(*identifiers_)};
  replies_.set_tag(recipient, tag);
  operations.emplace_back(SetSenderTag{recipient, tag});
  return tag;
}

Result<std::vector<wire::ReplySurbBytes>> Client::make_surbs(std::size_t count, std::optional<AppSessionId> owner,
                                                             std::vector<StoreOperation>& operations) {
  std::vector<wire::ReplySurbBytes> surbs;
  if (count == 0) return surbs;
  if (count > limits::kStrictReplySurbs) {
    return fail(ClientError::too_large, fmt::format("{} reply surbs are more than the {} that one message can have",
                                                    count, limits::kStrictReplySurbs));
  }
  NYM_TRY(const auto* topology, topology_.usable());
  AddReplyKeys keys{{}, wall_clock()};
  for (std::size_t i = 0; i < count; ++i) {
    NYM_TRY(auto made, factory_.reply_surb(*topology));
    replies_.add_key(made.key, keys.sent_at);
    if (owner) apps_.note_reply_key(sphinx::digest_of(made.key), *owner);
    keys.keys.push_back(std::move(made.key));
    surbs.push_back(std::move(made.surb.bytes));
  }
  event(SurbsCreated{count});
  operations.emplace_back(std::move(keys));
  return surbs;
}

void Client::cancel_lane(const Lane& lane) {
  for (auto message : queue_.remove(lane)) {
    reach(Probe::client_lane_cancelled);
    end_message(message, Outcome::cancelled, "its connection was closed by the application");
  }
}

void Client::end_message(MessageId id, Outcome outcome, const std::string& why) {
  if (!ledger_.close(id)) return;
  queue_.forget(id);
  acks_.forget(id);
  reply_controller_.forget_message(id);
  report_end(id, outcome, why);
}

void Client::report_end(MessageId id, Outcome outcome, const std::string& why) {
  event(MessageEnded{id, outcome, why});  // first: after a crash in between it is told again rather than never
  if (config_.journal == Switch::on) persist({RemoveFromJournal{id}}, {});
}

// 04 §3.5-§3.7
void Client::run_streams() {
  if (!gateway_.is_ready()) return;
  TimePoint now = outbox_.now();
  const auto& traffic = config_.traffic;
  if (traffic.main_poisson_stream == Switch::off) {
    while (gateway_.free_slots() > 0 && send_next_real() == Sent::yes) {
    }
  }
  while (main_clock_.is_due(now)) {
    delay_controller_->adjust(now, gateway_.used_slots(), gateway_.free_slots());
    if (gateway_.free_slots() == 0) break;
    main_clock_.advance(now, traffic.message_sending_average_delay * delay_controller_->multiplier());
    if (send_next_real() == Sent::no) send_cover(PacketKind::main_cover, traffic.average_packet_delay);
  }
  while (cover_clock_.is_due(now) && gateway_.free_slots() > 0) {
    cover_clock_.advance(now, traffic.loop_cover_average_delay);
    // The stream's own interval is also its packets' mean delay in each mixnode (a quirk, 02 §10).
    send_cover(PacketKind::loop_cover, traffic.loop_cover_average_delay);
  }
  while (drop_clock_.is_due(now) && gateway_.free_slots() > 0) {
    drop_clock_.advance(now, *traffic.drop_cover_average_delay);
    send_drop_cover();
  }
}

Client::Sent Client::send_next_real() {
  auto topology = topology_.usable();
  if (!topology) return Sent::no;
  bool window_is_full = !may_send_more();
  if (window_is_full) reach(Probe::client_window_full);
  auto from = window_is_full ? SendQueue::From::retransmissions : SendQueue::From::any_lane;
  while (auto queued = queue_.pop(from)) {
    const auto& outgoing = queued->outgoing;
    bool message_over = outgoing.message && !ledger_.is_open(*outgoing.message);
    bool acknowledged_meanwhile = queued->kind == PacketKind::retransmission && !acks_.is_pending(outgoing.fragment.id);
    if (acknowledged_meanwhile) reach(Probe::client_retransmission_not_needed);
    if (message_over || acknowledged_meanwhile) continue;
    if (send_fragment(std::move(*queued), **topology) == Sent::yes) return Sent::yes;
  }
  return Sent::no;
}

bool Client::may_send_more() {
  return acks_.bytes() < limits::kUnacknowledgedBytes && (!window_ || window_->has_room(acks_.bytes()));
}

Client::Sent Client::send_fragment(QueuedFragment queued, const topology::Snapshot& topology) {
  auto& outgoing = queued.outgoing;
  const auto* recipient = std::get_if<wire::Recipient>(&outgoing.target);
  auto sealed = recipient != nullptr ? factory_.to_recipient(topology, *recipient, outgoing.fragment, outgoing.size)
                                     : factory_.on_surb(topology, *queued.surb, outgoing.fragment, outgoing.size);
  if (sealed) {
    event(PacketSent{queued.kind});
    gateway_.send(sealed->first_hop, std::move(sealed->packet));
    acks_.on_sent(outbox_.now(), std::move(outgoing), sealed->expected_delay);
    return Sent::yes;
  }
  dropped(DropReason::no_route);
  if (recipient == nullptr) {  // a SURB that can not be used: take another
    return_to_replies(std::move(queued));
  } else if (queued.kind == PacketKind::retransmission) {
    acks_.postpone(outbox_.now(), outgoing.fragment.id);
  } else if (outgoing.message) {
    end_message(*outgoing.message, Outcome::failed, sealed.error().text());
  }
  return Sent::no;
}

void Client::return_to_replies(QueuedFragment queued) {
  TimePoint now = outbox_.now();
  if (queued.kind == PacketKind::retransmission) return reply_controller_.retransmit(now, std::move(queued.outgoing));
  auto sender = std::get<ToSender>(queued.outgoing.target).tag;
  reply_controller_.put_back(now, sender, {{Lane{}, std::move(queued)}});
}

void Client::send_cover(PacketKind kind, Duration mean_hop_delay) {
  auto topology = topology_.usable();
  if (topology) send_unasked(kind, factory_.cover(**topology, draw_cover_size(), mean_hop_delay));
}

void Client::send_drop_cover() {
  auto topology = topology_.usable();
  if (topology) send_unasked(PacketKind::drop_cover, factory_.drop_cover(**topology, draw_cover_size()));
}

void Client::send_unasked(PacketKind kind, const Result<SealedPacket>& sealed) {
  if (!sealed) return dropped(DropReason::no_route);
  event(PacketSent{kind});
  gateway_.send(sealed->first_hop, sealed->packet);
}

wire::PacketSize Client::draw_cover_size() {
  const auto& traffic = config_.traffic;
  if (!traffic.secondary_packet_size) return traffic.primary_packet_size;
  return draw_event(*cover_choices_, traffic.cover_primary_ratio) ? traffic.primary_packet_size
                                                                  : *traffic.secondary_packet_size;
}

void Client::retransmit_expired() {
  auto expired = acks_.take_expired(outbox_.now());
  if (window_ && !expired.retransmit.empty()) window_->on_retransmission(outbox_.now());
  for (auto& outgoing : expired.retransmit) {
    if (std::holds_alternative<ToSender>(outgoing.target)) {
      reply_controller_.retransmit(outbox_.now(), std::move(outgoing));
    } else {
      queue_.push({Lane::Kind::retransmission, {}}, {std::move(outgoing), std::nullopt, PacketKind::retransmission});
    }
  }
  for (const auto& outgoing : expired.failed) {
    if (outgoing.message) end_message(*outgoing.message, Outcome::failed, "no acknowledgement came after many tries");
  }
}

// A SURB is gone from disk before it is used: after a crash it can not be used twice.
void Client::send_on_surbs(const wire::SenderTag& sender, std::vector<AssignedSurb> assigned) {
  RemoveSurbs used{sender, {}};
  for (const auto& item : assigned) used.surbs.push_back(*item.fragment.surb);
  persist({used}, [this, sender, assigned, surbs = used.surbs](const std::optional<std::string>& error) {
    if (error) {
      replies_.add_surbs(sender, surbs, wall_clock());
      return reply_controller_.put_back(outbox_.now(), sender, assigned);
    }
    event(SurbsUsed{surbs.size()});
    for (const auto& item : assigned) queue_.push(item.lane, item.fragment);
  });
}

OutgoingFragment Client::make_surb_request(const wire::SenderTag& sender, std::uint32_t amount) {
  event(SurbsRequested{amount});
  ToSender target{sender, ToSender::Reserve::may_use};
  return *cut(wire::SurbRequest{config_.address(), amount}, target, std::nullopt)->next();
}

void Client::reply_failed(std::optional<MessageId> message, const std::string& why) {
  if (message) end_message(*message, Outcome::failed, why);
}

void Client::retransmission_given_up(const wire::FragmentId& fragment) {
  acks_.forget(fragment);
}

}  // namespace nym::client
