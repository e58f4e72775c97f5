#include "engine/client/reply_controller.h"

#include <algorithm>

#include "engine/base/probe.h"

namespace nym::client {
namespace {

constexpr Duration kCheckPeriod = Duration::seconds(5);
constexpr Duration kUsageWindow = Duration::seconds(60);

bool may_use_reserve(const OutgoingFragment& fragment) {
  return std::get<ToSender>(fragment.target).reserve == ToSender::Reserve::may_use;
}

}  // namespace

std::size_t ReplyController::Conversation::wanted() const {
  std::size_t count = returned.size() + retransmissions.size();
  for (const auto& reply : replies) count += reply.message->remaining();
  return count;
}

void ReplyController::reply(TimePoint now, const wire::SenderTag& sender, const Lane& lane,
                            std::shared_ptr<OutgoingMessage> message) {
  if (!store_.knows(sender)) {
    reach(Probe::reply_unknown_sender);
    sink_.dropped(DropReason::unknown_sender_tag);
    return sink_.reply_failed(message->id(), "no reply surbs of that sender are known");
  }
  auto& waiting = conversation(now, sender);
  waiting.replies.push_back({lane, std::move(message)});
  ++waiting.recent.current.replies;
  pump(sender, waiting);
  request_if_short(sender, waiting);
}

void ReplyController::retransmit(TimePoint now, OutgoingFragment fragment) {
  reach(Probe::reply_retransmitted_on_surb);
  auto sender = std::get<ToSender>(fragment.target).tag;
  auto& waiting = conversation(now, sender);
  auto id = fragment.fragment.id;
  waiting.retransmissions.insert_or_assign(id, std::move(fragment));
  pump(sender, waiting);
  request_if_short(sender, waiting);
}

void ReplyController::put_back(TimePoint now, const wire::SenderTag& sender, std::vector<AssignedSurb> assigned) {
  reach(Probe::reply_surbs_put_back);
  auto& waiting = conversation(now, sender);
  for (auto& item : assigned) waiting.returned.push_back({item.lane, std::move(item.fragment.outgoing)});
}

void ReplyController::on_surbs(TimePoint now, const wire::SenderTag& sender, std::size_t count, Asked asked) {
  auto found = conversations_.find(sender);
  if (found == conversations_.end()) return;
  auto& waiting = found->second;
  waiting.last_progress = now;
  if (asked == Asked::yes) reach(Probe::reply_surbs_refilled);
  if (asked == Asked::yes) waiting.requested -= std::min(waiting.requested, count);
  pump(sender, waiting);
  request_if_short(sender, waiting);
}

ReplyController::Conversation& ReplyController::conversation(TimePoint now, const wire::SenderTag& sender) {
  auto [found, is_new] = conversations_.try_emplace(sender);
  auto& waiting = found->second;
  if (is_new || waiting.wanted() == 0) waiting.last_progress = now;
  if (is_new) {
    waiting.next_check = now + kCheckPeriod;
    waiting.recent.window_end = now + kUsageWindow;
  }
  return waiting;
}

// What never got away comes before what is new.
std::optional<std::pair<Lane, OutgoingFragment>> ReplyController::next_reply(Conversation& waiting) {
  if (!waiting.returned.empty()) {
    std::pair next(waiting.returned.front().lane, std::move(waiting.returned.front().outgoing));
    waiting.returned.pop_front();
    return next;
  }
  if (waiting.replies.empty()) return std::nullopt;
  auto& reply = waiting.replies.front();
  std::pair next(reply.lane, *reply.message->next());
  if (reply.message->remaining() == 0) waiting.replies.pop_front();
  return next;
}

// Requests may go into the reserve; retransmissions come before new replies.
void ReplyController::pump(const wire::SenderTag& sender, Conversation& waiting) {
  std::vector<AssignedSurb> assigned;
  auto take_for = [&](const Lane& lane, OutgoingFragment outgoing, PacketKind kind) {
    auto surb = store_.take_surbs(sender, 1).front();
    assigned.push_back({lane, {std::move(outgoing), surb, kind}});
  };
  for (auto entry = waiting.retransmissions.begin(); entry != waiting.retransmissions.end();) {
    if (store_.available(sender) <= (may_use_reserve(entry->second) ? 0 : config_.min_storage)) {
      ++entry;
      continue;
    }
    take_for({Lane::Kind::retransmission, {}}, std::move(entry->second), PacketKind::retransmission);
    entry = waiting.retransmissions.erase(entry);
  }
  while (store_.available(sender) > config_.min_storage) {
    auto next = next_reply(waiting);
    if (!next) break;
    take_for(next->first, std::move(next->second), PacketKind::real);
  }
  if (assigned.empty()) return;
  waiting.recent.current.surbs += assigned.size();
  sink_.send_on_surbs(sender, std::move(assigned));
}

void ReplyController::request_if_short(const wire::SenderTag& sender, Conversation& waiting) {
  std::size_t wanted = std::max(waiting.wanted(), waiting.recent.surbs());
  if (wanted == 0 || (waiting.wanted() == 0 && store_.available(sender) == 0)) return;
  std::size_t expected = waiting.requested + store_.available(sender);
  if (expected < config_.max_storage && expected < wanted + config_.min_storage) request(sender, waiting);
}

void ReplyController::request(const wire::SenderTag& sender, Conversation& waiting) {
  if (store_.available(sender) == 0) {
    reach(Probe::reply_surbs_exhausted);
    return sink_.dropped(DropReason::no_surbs);
  }
  reach(Probe::reply_surbs_requested);
  std::size_t wanted = std::max(waiting.wanted(), waiting.recent.surbs());
  auto amount =
      std::max(static_cast<std::uint32_t>(std::min<std::size_t>(wanted, config_.max_request)), config_.min_request);
  auto surb = store_.take_surbs(sender, 1).front();
  waiting.requested += amount;
  std::vector<AssignedSurb> assigned;
  assigned.push_back(
      {{Lane::Kind::surb_request, {}}, {sink_.make_surb_request(sender, amount), surb, PacketKind::real}});
  sink_.send_on_surbs(sender, std::move(assigned));
}

void ReplyController::on_timeout(TimePoint now) {
  for (auto next = conversations_.begin(); next != conversations_.end();) {
    auto current = next++;
    auto& [sender, waiting] = *current;
    if (waiting.next_check > now) continue;
    waiting.next_check = now + kCheckPeriod;
    if (waiting.recent.window_end <= now) waiting.recent = {waiting.recent.current, {}, now + kUsageWindow};
    auto silence = now - waiting.last_progress;
    if (waiting.wanted() == 0) {
      if (waiting.recent.before.replies + waiting.recent.current.replies == 0) conversations_.erase(current);
    } else if (silence > config_.drop_after) {
      give_up(current);
    } else if (silence > config_.rerequest_after) {
      reach(Probe::reply_surbs_requested_again);
      pump(sender, waiting);
      request(sender, waiting);
      waiting.requested = 0;
    }
  }
}

void ReplyController::give_up(Conversations::iterator found) {
  constexpr const char* kWhy = "no reply surbs came in time";
  reach(Probe::reply_given_up);
  Conversation waiting = std::move(found->second);
  conversations_.erase(found);
  for (const auto& reply : waiting.replies) sink_.reply_failed(reply.message->id(), kWhy);
  for (const auto& item : waiting.returned) sink_.reply_failed(item.outgoing.message, kWhy);
  for (const auto& [id, outgoing] : waiting.retransmissions) {
    sink_.retransmission_given_up(id);
    sink_.reply_failed(outgoing.message, kWhy);
  }
}

std::optional<TimePoint> ReplyController::next_deadline() const {
  std::optional<TimePoint> earliest;
  for (const auto& [sender, waiting] : conversations_) {
    if (!earliest || waiting.next_check < *earliest) earliest = waiting.next_check;
  }
  return earliest;
}

std::uint64_t ReplyController::waiting_in(const Lane& lane) const {
  std::uint64_t count = 0;
  for (const auto& [sender, waiting] : conversations_) {
    for (const auto& item : waiting.returned) count += item.lane == lane ? 1U : 0U;
    for (const auto& reply : waiting.replies) count += reply.lane == lane ? reply.message->remaining() : 0U;
  }
  return count;
}

std::size_t ReplyController::waiting() const {
  std::size_t count = 0;
  for (const auto& [sender, waiting] : conversations_) count += waiting.wanted();
  return count;
}

std::size_t ReplyController::waiting_bytes() const {
  std::size_t bytes = 0;
  for (const auto& [sender, waiting] : conversations_) {
    for (const auto& reply : waiting.replies) bytes += reply.message->bytes();
  }
  return bytes;
}

void ReplyController::forget_message(MessageId message) {
  for (auto& [sender, waiting] : conversations_) {
    std::erase_if(waiting.replies, [&](const auto& reply) { return reply.message->id() == message; });
    std::erase_if(waiting.returned, [&](const auto& item) { return item.outgoing.message == message; });
    std::erase_if(waiting.retransmissions, [&](const auto& entry) { return entry.second.message == message; });
  }
}

}  // namespace nym::client
