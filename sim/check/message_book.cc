#include "sim/check/message_book.h"

#include <fmt/format.h>

#include <algorithm>

#include "sim/check/filler.h"
#include "sim/record/start.h"

namespace nym::sim {
namespace {

MessageStep step_of(client::Outcome outcome) {
  switch (outcome) {
    case client::Outcome::acknowledged:
      return MessageStep::acknowledged;
    case client::Outcome::failed:
      return MessageStep::failed;
    case client::Outcome::cancelled:
      return MessageStep::cancelled;
  }
  return MessageStep::failed;
}

}  // namespace

MessageRef MessageBook::add(Work work) {
  MessageRef message{static_cast<std::uint32_t>(records_.size()), MessageRef::Part::message};
  if (!work.content.text.empty()) by_text_.emplace(work.content.text, message);
  if (work.reply) {
    ++counts_.replies_planned;
    if (!work.reply->text.empty())
      by_text_.emplace(work.reply->text, MessageRef{message.number, MessageRef::Part::reply});
  }
  records_.push_back({work.from, work.to, work.reply_surbs, std::move(work.content), std::move(work.reply), {}, {}});
  return message;
}

MessageBook::Side& MessageBook::side(MessageRef message) {
  auto& record = records_[message.number];
  return message.part == MessageRef::Part::message ? record.message_side : record.reply_side;
}
const MessageBook::Side& MessageBook::side(MessageRef message) const {
  const auto& record = records_[message.number];
  return message.part == MessageRef::Part::message ? record.message_side : record.reply_side;
}

std::uint32_t MessageBook::sender(MessageRef message) const {
  const auto& record = records_[message.number];
  return message.part == MessageRef::Part::message ? record.from : record.to;
}
std::uint32_t MessageBook::receiver(MessageRef message) const {
  const auto& record = records_[message.number];
  return message.part == MessageRef::Part::message ? record.to : record.from;
}

const Content& MessageBook::content_of(MessageRef message) const {
  const auto& record = records_[message.number];
  return message.part == MessageRef::Part::message ? record.content : *record.reply;
}

Bytes MessageBook::content(MessageRef message) const {
  const auto& content = content_of(message);
  if (!content.text.empty()) return to_bytes(as_bytes(content.text));
  return make_filler(message, content.bytes);
}

std::string MessageBook::describe(MessageRef message) const {
  return fmt::format("{} {} from c{} to c{}",
                     message.part == MessageRef::Part::message ? "message" : "the reply to message", message.number + 1,
                     sender(message) + 1, receiver(message) + 1);
}

void MessageBook::complain(TimePoint now, std::uint32_t client, std::string text) {
  witnesses_.tell([&](Observer& observer) { observer.on_wrong_delivery(now, client, text); });
  if (!violation_) violation_ = Violation{Verdict::safety, now - kRunStart, std::move(text)};
}

void MessageBook::tell(TimePoint now, MessageRef message, MessageStep step, std::string_view why) {
  if (!witnesses_.is_anybody_there()) return;
  MessageMoved moved{message, step, sender(message), receiver(message), content_of(message).bytes, why};
  if (!content_of(message).text.empty()) moved.bytes = content_of(message).text.size();
  witnesses_.tell([&](Observer& observer) { observer.on_message(now, moved); });
}

void MessageBook::submit(TimePoint now, MessageRef message) {
  side(message).submitted = true;
  ++open_;
  ++counts_.submitted;
  tell(now, message, MessageStep::submitted);
}

void MessageBook::accept(TimePoint now, MessageRef message) {
  tell(now, message, MessageStep::accepted);
}

void MessageBook::count_acknowledged_only(std::uint32_t client, std::int64_t change) {
  auto& state = clients_[client];
  state.acknowledged_only += static_cast<std::uint64_t>(change);
  if (!state.is_excused) acknowledged_only_ += static_cast<std::uint64_t>(change);
}

void MessageBook::excuse(std::uint32_t client) {
  auto& state = clients_[client];
  if (!std::exchange(state.is_excused, true)) acknowledged_only_ -= state.acknowledged_only;
}

void MessageBook::end(TimePoint now, MessageRef message, client::Outcome outcome, std::string_view why) {
  auto& ended = side(message);
  if (ended.outcome) return complain(now, sender(message), describe(message) + " has a second outcome");
  ended.outcome = outcome;
  --open_;
  bool is_acknowledged = outcome == client::Outcome::acknowledged;
  ++(is_acknowledged ? counts_.acknowledged : counts_.failed);
  if (is_acknowledged && !ended.delivered) count_acknowledged_only(receiver(message), 1);
  tell(now, message, step_of(outcome), why);
}

SenderTag MessageBook::tag_of(MessageRef message) const {
  bool brings_surbs = message.part == MessageRef::Part::message && reply_surbs(message.number) > 0;
  return brings_surbs ? SenderTag::present : SenderTag::absent;
}

// Texts may stand in several messages: then it is the first for this client that did not come so far, or one that did.
std::optional<MessageRef> MessageBook::recognise(std::uint32_t client, ByteView data, SenderTag tag) const {
  auto filler = read_filler_head(data);
  bool is_known = filler && filler->number < records_.size() &&
                  (filler->part == MessageRef::Part::message || records_[filler->number].reply.has_value());
  if (is_known) return filler;
  std::optional<MessageRef> found;
  auto [first, last] = by_text_.equal_range(std::string(as_text(data)));
  for (; first != last; ++first) {
    auto message = first->second;
    bool is_mine = receiver(message) == client && side(message).submitted && tag_of(message) == tag;
    if (!found || is_mine) found = message;
    if (is_mine && !side(message).delivered) break;
  }
  return found;
}

std::optional<MessageRef> MessageBook::deliver(TimePoint now, std::uint32_t client, ByteView data, SenderTag tag) {
  auto message = recognise(client, data, tag);
  if (!message || !side(*message).submitted) {
    complain(now, client, fmt::format("c{} received {} bytes that nobody sent", client + 1, data.size()));
    return std::nullopt;
  }
  if (receiver(*message) != client) {
    complain(now, client, fmt::format("c{} received {}", client + 1, describe(*message)));
    return std::nullopt;
  }
  auto sent = content(*message);
  if (!std::equal(sent.begin(), sent.end(), data.begin(), data.end())) {
    complain(now, client, describe(*message) + " arrived changed");
    return std::nullopt;
  }
  if (tag_of(*message) != tag) {
    complain(now, client,
             describe(*message) + (tag == SenderTag::present ? " arrived with a sender tag" : " lost its sender tag"));
    return std::nullopt;
  }
  auto& delivered = side(*message);
  if (delivered.delivered) {
    if (!clients_[client].is_excused) complain(now, client, describe(*message) + " arrived for a second time");
    return std::nullopt;
  }
  delivered.delivered = true;
  ++counts_.delivered;
  if (delivered.outcome == client::Outcome::acknowledged) count_acknowledged_only(client, -1);
  tell(now, *message, MessageStep::delivered);
  return message;
}

std::string MessageBook::unsettled() const {
  for (const auto& record : records_) {
    auto number = static_cast<std::uint32_t>(&record - records_.data());
    for (auto part : {MessageRef::Part::message, MessageRef::Part::reply}) {
      MessageRef message{number, part};
      const auto& one = side(message);
      if (one.submitted && !one.outcome) {
        return fmt::format("{} has no outcome, and {} others", describe(message), open_ - 1);
      }
      bool is_missing =
          one.outcome == client::Outcome::acknowledged && !one.delivered && !clients_[receiver(message)].is_excused;
      if (is_missing) return fmt::format("{} was acknowledged and never arrived", describe(message));
    }
  }
  return {};
}

}  // namespace nym::sim
