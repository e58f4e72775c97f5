#include "engine/relay/mix_links.h"

#include <algorithm>

#include "engine/base/probe.h"

namespace nym::relay {

void MixLinks::send(TimePoint now, const Endpoint& next_hop, wire::MixFrame frame) {
  if (!knows(next_hop)) return sink_.dropped(DropReason::unknown_next_hop, 1);
  auto link = links_.find(next_hop);
  if (link == links_.end()) {
    if (links_.size() >= limits::kMaxLinks) return sink_.dropped(DropReason::too_many_links, 1);
    link = links_.emplace(next_hop, Link{}).first;
    link->second.unreachable_since = now;
    dial(next_hop, link->second);
  }
  if (link->second.queue.size() >= limits::kLinkQueueFrames) {
    reach(Probe::relay_queue_full);
    return sink_.dropped(DropReason::link_queue_full, 1);
  }
  if (link->second.queue.empty() && can_send(link->second)) return pass_on(link->second, std::move(frame));
  link->second.queue.push_back(std::move(frame));
}

bool MixLinks::can_send(const Link& link) {
  return link.state == State::open && link.in_flight < limits::kLinkFramesInFlight;
}

void MixLinks::pass_on(Link& link, wire::MixFrame frame) {
  ++link.in_flight;
  sink_.send(link.connection, std::move(frame));
}

void MixLinks::dial(const Endpoint& address, Link& link) {
  link.state = State::dialing;
  link.connection = {next_connection_++};
  link.in_flight = 0;
  by_connection_.emplace(link.connection, address);
  sink_.dial(link.connection, address);
}

void MixLinks::flush(Link& link) {
  while (!link.queue.empty() && can_send(link)) pass_on(link, link.queue.take_front());
}

void MixLinks::on_opened(ConnectionId connection) {
  auto link = find(connection);
  if (link == links_.end() || link->second.state != State::dialing) return;
  link->second.state = State::open;
  link->second.failures = 0;
  flush(link->second);
}

void MixLinks::on_written(ConnectionId connection, std::size_t frames) {
  auto link = find(connection);
  if (link == links_.end()) return;
  link->second.in_flight -= std::min(link->second.in_flight, frames);
  flush(link->second);
}

void MixLinks::on_closed(TimePoint now, ConnectionId connection) {
  auto found = find(connection);
  if (found == links_.end()) return;
  by_connection_.erase(connection);
  Link& link = found->second;
  if (link.state == State::open) link.unreachable_since = now;
  if (link.in_flight > 0) reach(Probe::relay_frames_lost_with_link);
  if (link.in_flight > 0) sink_.dropped(DropReason::link_failed, link.in_flight);
  link.in_flight = 0;
  if (link.state != State::waiting) ++waiting_;
  link.state = State::waiting;
  link.retry_at = now + backoff(link.failures++);
}

void MixLinks::on_timeout(TimePoint now) {
  for (auto link = links_.begin(); link != links_.end();) {
    auto& [address, state] = *link;
    if (state.state != State::waiting || state.retry_at > now) {
      ++link;
      continue;
    }
    bool give_up = state.queue.empty() || now - state.unreachable_since > limits::kLinkGivesUpAfter;
    if (give_up) {
      reach(state.queue.empty() ? Probe::relay_idle_link_forgotten : Probe::relay_link_given_up);
      if (!state.queue.empty()) sink_.dropped(DropReason::link_failed, state.queue.size());
      --waiting_;
      link = links_.erase(link);
      continue;
    }
    reach(Probe::relay_dialed_again);
    --waiting_;
    dial(address, state);
    ++link;
  }
}

std::optional<TimePoint> MixLinks::next_deadline() const {
  if (waiting_ == 0) return std::nullopt;
  std::optional<TimePoint> earliest;
  for (const auto& [address, link] : links_) {
    if (link.state == State::waiting && (!earliest || link.retry_at < *earliest)) earliest = link.retry_at;
  }
  return earliest;
}

std::size_t MixLinks::queued_frames() const {
  std::size_t count = 0;
  for (const auto& [address, link] : links_) count += link.queue.size();
  return count;
}

// Doubles from the initial value; the actual wait is drawn between half of it and all of it.
Duration MixLinks::backoff(std::uint32_t failures) {
  auto full = std::min(config_.backoff_initial * (std::int64_t{1} << std::min(failures, 20U)), config_.backoff_maximum);
  auto half = static_cast<std::uint64_t>(full.ns() / 2);
  return full - Duration::nanoseconds(static_cast<std::int64_t>(draw_below(random_, half + 1)));
}

MixLinks::Links::iterator MixLinks::find(ConnectionId connection) {
  auto address = by_connection_.find(connection);
  return address == by_connection_.end() ? links_.end() : links_.find(address->second);
}

}  // namespace nym::relay
