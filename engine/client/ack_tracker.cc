#include "engine/client/ack_tracker.h"

#include <algorithm>

#include "engine/base/probe.h"

namespace nym::client {
namespace {

constexpr Duration kLongestTimeout = Duration::seconds(60);
constexpr std::uint32_t kMostDoublings = 3;
/// A timeout is lengthened by up to this part of it, so that what was lost together does not return together.
constexpr std::int64_t kJitterPart = 8;

Duration magnitude(Duration duration) {
  return std::max(duration, Duration() - duration);
}

}  // namespace

void LatencyEstimate::add(Duration excess) {
  excess = std::max(excess, Duration());
  if (!measured_) {
    measured_ = true;
    mean_ = excess;
    deviation_ = excess / 2;
    return;
  }
  deviation_ = deviation_ - deviation_ / 4 + magnitude(excess - mean_) / 4;
  mean_ = mean_ - mean_ / 8 + excess / 8;
}

void AckTracker::on_sent(TimePoint now, OutgoingFragment fragment, Duration expected_delay) {
  auto id = fragment.fragment.id;
  auto [entry, is_new] = pending_.try_emplace(id);
  Pending& pending = entry->second;
  if (is_new) {
    if (fragment.message) by_message_.emplace(*fragment.message, id);
    bytes_ += fragment.fragment.bytes.stored().size();
    pending.fragment = std::move(fragment);
    pending.first_sent = now;
  }
  pending.last_sent = now;
  pending.expected_delay = expected_delay;
  ++pending.tries;
  arm(id, pending, now + timeout_of(pending));
}

// The original's wait, or what was measured if that is longer; doubled for a fragment that keeps failing.
Duration AckTracker::timeout_of(const Pending& pending) {
  auto waited = Duration::nanoseconds(pending.expected_delay.ns() / 1'000 * config_.wait_multiplier_millis);
  auto timeout = waited + std::max(config_.wait_addition, latency_.bound());
  auto doublings = std::min(pending.tries - 1, kMostDoublings);
  timeout = std::min(timeout * (std::int64_t{1} << doublings), std::max(kLongestTimeout, timeout));
  auto jitter = draw_below(*random_, static_cast<std::uint64_t>(timeout.ns() / kJitterPart) + 1);
  return timeout + Duration::nanoseconds(static_cast<std::int64_t>(jitter));
}

std::optional<AckTracker::Acknowledged> AckTracker::on_ack(TimePoint now, const wire::FragmentId& id) {
  auto found = pending_.find(id);
  if (found == pending_.end()) {
    // Both sendings arrived: the first was slower than we waited.
    auto excess = sent_twice_.take(id);
    reach(excess ? Probe::ack_first_was_only_slow : Probe::ack_for_nothing_pending);
    if (excess) latency_.add(*excess);
    return std::nullopt;
  }
  const Pending& pending = found->second;
  Acknowledged acknowledged{pending.fragment.message, now - pending.last_sent, pending.first_sent, std::nullopt,
                            pending.fragment.fragment.bytes.stored().size()};
  auto excess = now - pending.first_sent - pending.expected_delay;
  if (pending.tries == 1) {
    acknowledged.excess = excess;
    latency_.add(excess);
  }
  if (pending.tries == 2) sent_twice_.put(id, excess);
  remove(found);
  return acknowledged;
}

AckTracker::Expired AckTracker::take_expired(TimePoint now) {
  Expired expired;
  while (!deadlines_.empty() && deadlines_.begin()->first <= now) {
    auto found = pending_.find(deadlines_.begin()->second);
    Pending& pending = found->second;
    disarm(found->first, pending);
    bool give_up = pending.tries >= config_.max_tries || now - pending.first_sent >= config_.max_age;
    if (give_up) {
      reach(pending.tries >= config_.max_tries ? Probe::ack_give_up_after_tries : Probe::ack_give_up_after_age);
      expired.failed.push_back(pending.fragment);
      remove(found);
    } else {
      reach(Probe::ack_retransmit_after_timeout);
      expired.retransmit.push_back(pending.fragment);
    }
  }
  return expired;
}

void AckTracker::postpone(TimePoint now, const wire::FragmentId& id) {
  auto found = pending_.find(id);
  reach(Probe::ack_postponed_without_route);
  if (found != pending_.end()) arm(id, found->second, now + config_.wait_addition);
}

void AckTracker::forget(const wire::FragmentId& id) {
  auto found = pending_.find(id);
  if (found != pending_.end()) remove(found);
}

void AckTracker::forget(MessageId message) {
  for (auto next = by_message_.lower_bound({message, {}}); next != by_message_.end() && next->first == message;
       next = by_message_.lower_bound({message, {}})) {
    reach(Probe::ack_forgotten_with_message);
    remove(pending_.find(next->second));
  }
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

void AckTracker::remove(AllPending::iterator found) {
  const auto& fragment = found->second.fragment;
  disarm(found->first, found->second);
  if (fragment.message) by_message_.erase({*fragment.message, found->first});
  bytes_ -= fragment.fragment.bytes.stored().size();
  pending_.erase(found);
}

}  // namespace nym::client
