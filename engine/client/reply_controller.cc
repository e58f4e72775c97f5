#include "engine/client/reply_controller.h"

#include <algorithm>

namespace nym::client {
namespace {

constexpr Duration kCheckPeriod = Duration::seconds(5);

}  // namespace

void ReplyController::reply(TimePoint now, const wire::SenderTag& sender, const Lane& lane,
                            std::vector<OutgoingFragment> fragments) {
  if (!store_.knows(sender)) {
    sink_.dropped(DropReason::unknown_sender_tag);
    for (const auto& fragment : fragments) sink_.reply_failed(fragment, "no reply surbs of that sender are known");
    return;
  }
  auto& waiting = conversation(now, sender);
  for (auto& fragment : fragments) waiting.replies.push_back({lane, std::move(fragment)});
  pump(sender, waiting);
  request_if_short(sender, waiting);
}

void ReplyController::retransmit(TimePoint now, OutgoingFragment fragment) {
  auto sender = std::get<ToSender>(fragment.target).tag;
  auto& waiting = conversation(now, sender);
  auto id = fragment.fragment.id;
  waiting.retransmissions.insert_or_assign(id, std::move(fragment));
  pump(sender, waiting);
  request_if_short(sender, waiting);
}

void ReplyController::put_back(TimePoint now, const wire::SenderTag& sender, std::vector<AssignedSurb> assigned) {
  auto& waiting = conversation(now, sender);
  for (auto& item : assigned) waiting.replies.push_back({item.lane, std::move(item.fragment.outgoing)});
}

void ReplyController::on_surbs(TimePoint now, const wire::SenderTag& sender, std::size_t count, Asked asked) {
  auto found = conversations_.find(sender);
  if (found == conversations_.end()) return;
  auto& waiting = found->second;
  waiting.last_progress = now;
  if (asked == Asked::yes) waiting.requested -= std::min(waiting.requested, count);
  pump(sender, waiting);
  request_if_short(sender, waiting);
}

ReplyController::Conversation& ReplyController::conversation(TimePoint now, const wire::SenderTag& sender) {
  auto [found, is_new] = conversations_.try_emplace(sender);
  if (is_new || found->second.wanted() == 0) {
    found->second.last_progress = now;
    found->second.next_check = now + kCheckPeriod;
  }
  return found->second;
}

// Requests may go into the reserve; retransmissions come before new replies.
void ReplyController::pump(const wire::SenderTag& sender, Conversation& waiting) {
  std::vector<AssignedSurb> assigned;
  auto take_for = [&](const Lane& lane, OutgoingFragment outgoing, PacketKind kind) {
    auto surb = store_.take_surbs(sender, 1).front();
    assigned.push_back({lane, {std::move(outgoing), surb, kind}});
  };
  for (auto entry = waiting.retransmissions.begin(); entry != waiting.retransmissions.end();) {
    bool may_use_reserve = std::get<ToSender>(entry->second.target).reserve == ToSender::Reserve::may_use;
    if (store_.available(sender) <= (may_use_reserve ? 0 : config_.min_storage)) {
      ++entry;
      continue;
    }
    take_for({Lane::Kind::retransmission, {}}, std::move(entry->second), PacketKind::retransmission);
    entry = waiting.retransmissions.erase(entry);
  }
  while (!waiting.replies.empty() && store_.available(sender) > config_.min_storage) {
    Waiting next = std::move(waiting.replies.front());
    waiting.replies.pop_front();
    take_for(next.lane, std::move(next.outgoing), PacketKind::real);
  }
  if (!assigned.empty()) sink_.send_on_surbs(sender, std::move(assigned));
}

void ReplyController::request_if_short(const wire::SenderTag& sender, Conversation& waiting) {
  if (waiting.wanted() == 0) return;
  std::size_t expected = waiting.requested + store_.available(sender);
  if (expected < config_.max_storage && expected < waiting.wanted() + config_.min_storage) request(sender, waiting);
}

void ReplyController::request(const wire::SenderTag& sender, Conversation& waiting) {
  if (store_.available(sender) == 0) return sink_.dropped(DropReason::no_surbs);
  auto wanted = static_cast<std::uint32_t>(std::min<std::size_t>(waiting.wanted(), config_.max_request));
  auto amount = std::max(wanted, config_.min_request);
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
    auto silence = now - waiting.last_progress;
    if (waiting.wanted() == 0) {
      conversations_.erase(current);
    } else if (silence > config_.drop_after) {
      give_up(current);
    } else if (silence > config_.rerequest_after) {
      pump(sender, waiting);
      request(sender, waiting);
      waiting.requested = 0;
    }
  }
}

void ReplyController::give_up(Conversations::iterator found) {
  Conversation waiting = std::move(found->second);
  conversations_.erase(found);
  for (const auto& reply : waiting.replies) sink_.reply_failed(reply.outgoing, "no reply surbs came in time");
  for (const auto& [id, outgoing] : waiting.retransmissions)
    sink_.reply_failed(outgoing, "no reply surbs came in time");
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
    count += static_cast<std::uint64_t>(std::count_if(waiting.replies.begin(), waiting.replies.end(),
                                                      [&](const auto& reply) { return reply.lane == lane; }));
  }
  return count;
}

std::size_t ReplyController::waiting() const {
  std::size_t count = 0;
  for (const auto& [sender, waiting] : conversations_) count += waiting.wanted();
  return count;
}

void ReplyController::forget_message(MessageId message) {
  for (auto& [sender, waiting] : conversations_) {
    std::erase_if(waiting.replies, [&](const auto& reply) { return reply.outgoing.message == message; });
    std::erase_if(waiting.retransmissions, [&](const auto& entry) { return entry.second.message == message; });
  }
}

}  // namespace nym::client
