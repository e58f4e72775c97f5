#include <algorithm>

#include "engine/base/overloaded.h"
#include "engine/base/probe.h"
#include "engine/client/client.h"
#include "engine/wire/cover.h"
#include "engine/wire/final_payload.h"

namespace nym::client {

// 02 §16
void Client::pushed(const Blob& message) {
  if (wire::classify_pushed(message.size()) == wire::PushedKind::ack) return on_ack(message);
  on_message_data(message);
}

void Client::on_ack(const Blob& data) {
  auto opened = suite_.open_ack(config_.keys.ack, data);
  if (!opened) {
    reach(Probe::ack_malformed);
    return dropped(DropReason::malformed_ack);
  }
  auto id = wire::FragmentId::from_bytes(*opened);
  if (!id) return dropped(DropReason::malformed_ack);
  if (id->is_cover()) return;
  auto acknowledged = acks_.on_ack(outbox_.now(), *id);
  if (!acknowledged) return dropped(DropReason::unknown_ack);
  event(AckReceived{acknowledged->round_trip});
  if (window_ && acknowledged->excess) {
    window_->on_ack(outbox_.now(), acknowledged->first_sent, *acknowledged->excess, acknowledged->bytes);
  }
  if (acknowledged->message && ledger_.on_fragment_acknowledged(*acknowledged->message)) {
    report_end(*acknowledged->message, Outcome::acknowledged, {});
  }
}

void Client::on_message_data(const Blob& data) {
  auto digest = data.first<32>();
  auto key = digest ? replies_.take_key({*digest}) : std::nullopt;
  auto owner = key ? apps_.take_reply_owner({*digest}) : std::nullopt;
  if (key) persist({RemoveReplyKey{{*digest}}}, {});
  auto fragment = key ? suite_.open_reply_fragment(*key, data) : suite_.open_fragment(config_.keys.encryption, data);
  if (!fragment) {
    reach(Probe::client_malformed_fragment);
    return dropped(DropReason::malformed_fragment);
  }
  if (wire::is_cover(fragment->stored())) return;
  auto bytes = fragment->to_bytes();
  auto duplicates = reassembler_.duplicates();
  auto message = reassembler_.insert(outbox_.now(), bytes);
  if (reassembler_.duplicates() > duplicates) return dropped(DropReason::duplicate_fragment);
  if (!message) {
    const auto& error = message.error();
    if (error.is(ClientError::reassembly_full)) return dropped(DropReason::reassembly_full);
    return dropped(error.is(ClientError::malformed_message) ? DropReason::malformed_message
                                                            : DropReason::malformed_fragment);
  }
  if (*message) on_reassembled(std::move(**message), owner);
}

// With the journal a message is known as received before the application has it: after a crash it can not come twice.
void Client::on_reassembled(wire::Message message, std::optional<AppSessionId> owner) {
  if (config_.journal == Switch::off) return on_message(std::move(message), owner);
  persist({RememberFinishedSets{reassembler_.just_finished(), wall_clock()}},
          [this, message, owner](const std::optional<std::string>&) { on_message(message, owner); });
}

// `owner`: the application whose SURB brought the last of its fragments.
void Client::on_message(wire::Message message, std::optional<AppSessionId> owner) {
  std::visit(Overloaded{
                 [&](wire::PlainMessage& plain) {
                   event(MessageReceived{plain.data.size()});
                   apps_.deliver({std::move(plain.data), std::nullopt}, std::nullopt);
                 },
                 [&](wire::RepliableMessage& repliable) { on_repliable(std::move(repliable)); },
                 [&](wire::ReplyMessage& reply) {
                   event(MessageReceived{reply.data.size()});
                   apps_.deliver({std::move(reply.data), std::nullopt}, owner);
                 },
                 [&](wire::SurbRequest& request) { on_surb_request(request); },
             },
             message);
}

void Client::on_repliable(wire::RepliableMessage message) {
  std::vector<sphinx::ReplySurb> surbs;
  surbs.reserve(message.surbs.size());
  for (auto& bytes : message.surbs) surbs.push_back({std::move(bytes), message.rotation});
  auto added = replies_.add_surbs(message.sender, std::move(surbs), wall_clock());
  event(SurbsReceived{added.size()});
  if (!added.empty()) persist({AddSurbs{message.sender, added, wall_clock()}}, {});
  auto asked =
      message.kind == wire::RepliableKind::additional_surbs ? ReplyController::Asked::yes : ReplyController::Asked::no;
  if (message.kind == wire::RepliableKind::data) {
    event(MessageReceived{message.data.size()});
    apps_.deliver({std::move(message.data), message.sender}, std::nullopt);
  }
  reply_controller_.on_surbs(outbox_.now(), message.sender, added.size(), asked);
}

// Somebody whom we wrote to anonymously wants to answer and has no SURBs left (04 §3.12).
void Client::on_surb_request(const wire::SurbRequest& request) {
  const auto* tag = replies_.find_tag(request.recipient);
  if (tag == nullptr) return dropped(DropReason::unknown_sender_tag);
  reach(Probe::reply_surb_request_answered);
  std::size_t remaining = std::min(request.amount, config_.replies.max_allowed_request);
  while (remaining > 0) {
    std::size_t batch = std::min<std::size_t>(remaining, config_.replies.max_request);
    remaining -= batch;
    std::vector<StoreOperation> operations;
    auto surbs = make_surbs(batch, apps_.writer_to(request.recipient), operations);
    if (!surbs) return dropped(DropReason::no_route);
    wire::RepliableMessage answer{*tag, wire::RepliableKind::additional_surbs, std::move(*surbs), {}};
    auto message = cut(answer, request.recipient, std::nullopt);
    if (!queue_.has_room_for(message->bytes())) return dropped(DropReason::send_queue_full);
    persist(std::move(operations), [this, message](const std::optional<std::string>& error) {
      if (!error) queue_.push({Lane::Kind::additional_surbs, {}}, message);
    });
  }
}

}  // namespace nym::client
