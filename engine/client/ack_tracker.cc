#include "engine/client/ack_tracker.h"

namespace nym::client {

void AckTracker::on_sent(TimePoint now, OutgoingFragment fragment, Duration expected_delay) {
  auto id = fragment.fragment.id;
  auto [entry, is_new] = pending_.try_emplace(id);
  Pending& pending = entry->second;
  if (is_new) {
    pending.fragment = std::move(fragment);
    pending.first_sent = now;
  }
  pending.last_sent = now;
  ++pending.tries;
  auto timeout =
      Duration::nanoseconds(expected_delay.ns() / 1'000 * config_.wait_multiplier_millis) + config_.wait_addition;
  arm(id, pending, now + timeout);
}

std::optional<AckTracker::Acknowledged> AckTracker::on_ack(TimePoint now, const wire::FragmentId& id) {
  auto found = pending_.find(id);
  if (found == pending_.end()) return std::nullopt;
  Acknowledged acknowledged{found->second.fragment.message, now - found->second.last_sent};
  forget(id);
  return acknowledged;
}

AckTracker::Expired AckTracker::take_expired(TimePoint now) {
  Expired expired;
  while (!deadlines_.empty() && deadlines_.begin()->first <= now) {
    auto id = deadlines_.begin()->second;
    Pending& pending = pending_.at(id);
    disarm(id, pending);
    bool give_up = pending.tries >= config_.max_tries || now - pending.first_sent >= config_.max_age;
    if (give_up) {
      expired.failed.push_back(std::move(pending.fragment));
      pending_.erase(id);
    } else {
      expired.retransmit.push_back(pending.fragment);
    }
  }
  return expired;
}

void AckTracker::postpone(TimePoint now, const wire::FragmentId& id) {
  auto found = pending_.find(id);
  if (found != pending_.end()) arm(id, found->second, now + config_.wait_addition);
}

void AckTracker::forget(const wire::FragmentId& id) {
  auto found = pending_.find(id);
  if (found == pending_.end()) return;
  disarm(id, found->second);
  pending_.erase(found);
}

std::optional<TimePoint> AckTracker::next_deadline() const {
  if (deadlines_.empty()) return std::nullopt;
  return deadlines_.begin()->first;
}

void AckTracker::arm(const wire::FragmentId& id, Pending& pending, TimePoint deadline) {
  disarm(id, pending);
  pending.deadline = deadline;
  deadlines_.emplace(deadline, id);
}

void AckTracker::disarm(const wire::FragmentId& id, Pending& pending) {
  if (pending.deadline) deadlines_.erase({*pending.deadline, id});
  pending.deadline.reset();
}

}  // namespace nym::client
