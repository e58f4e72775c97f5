#include "sim/network/world.h"

#include <fmt/format.h>

#include "engine/base/limits.h"

namespace nym::sim {
namespace {

/// What handling an event takes a host that is slowed down, for each multiple of its time.
constexpr Duration kWork = Duration::microseconds(100);

}  // namespace

World::World(const Plan& plan, RandomSource& random)
    : names_(plan),
      links_(plan, *this, witnesses_, random),
      mix_connections_(*this, names_.nodes()),
      websockets_(*this, names_.count()) {
  hosts_.reserve(names_.count());
}

HostId World::add(std::unique_ptr<Host> host) {
  HostId id{static_cast<std::uint32_t>(hosts_.size())};
  hosts_.emplace_back();
  hosts_.back().host = std::move(host);
  return id;
}

void World::schedule_action(TimePoint at, std::function<void()> action) {
  actions_.emplace(at, std::move(action));
}

void World::arrive(TimePoint at, HostId to, InputBox input, FrameOrigin origin) {
  if (preparer_ != nullptr && input) preparer_->note(to, *input);
  queue_.push(at, {to, hosts_[to.value].incarnation, std::move(input), origin});
}

bool World::step(TimePoint limit) {
  bool has_action = !actions_.empty() && actions_.begin()->first <= limit;
  auto until = has_action ? actions_.begin()->first - Duration::nanoseconds(1) : limit;
  if (auto entry = queue_.pop_until(until)) {
    now_ = entry->at;
    handle(entry->event);
    return true;
  }
  if (!has_action) return false;
  auto next = actions_.extract(actions_.begin());
  now_ = std::max(now_, next.key());
  next.mapped()();
  return true;
}

void World::handle(Pending& pending) {
  auto& host = hosts_[pending.to.value];
  if (pending.incarnation != host.incarnation || !host.is_up) return tell_loss(pending);
  if (host.pauses > 0) return host.waiting.push_back(std::move(pending));
  bool is_timer = pending.input == nullptr;
  if (is_timer) {
    if (!host.armed || *host.armed > now_) return;  // armed anew since
    host.armed.reset();
    count_wake_up(pending.to);
  }
  if (host.slowness > 1'000) {
    if (host.busy_until > now_) {
      if (is_timer) host.armed = host.busy_until;
      return queue_.push(host.busy_until, std::move(pending));
    }
    host.busy_until = now_ + kWork * (host.slowness - 1'000) / 1'000;
  }
  ++events_;
  fingerprint_.add(now_.ns());
  fingerprint_.add(pending.to.value);
  fingerprint_.add(is_timer ? 0 : pending.input->index() + 1);
  if (is_timer) {
    host.host->handle_timeout(host.clock.local(now_));
    return arm(pending.to);
  }
  tell_arrival(pending);
  if (preparer_ != nullptr) preparer_->before(pending.to, *pending.input);
  current_frame_ = pending.origin.id;
  host.host->handle(host.clock.local(now_), *pending.input);
  current_frame_ = {};
  arm(pending.to);
}

// A timer that is not disarmed wakes its node for ever.
void World::count_wake_up(HostId id) {
  auto& entry = hosts_[id.value];
  if (entry.woken_at != now_) entry.wake_ups = 0;
  entry.woken_at = now_;
  if (++entry.wake_ups <= limits::kIdleWakeUps) return;
  complaints_.add(now_, Verdict::safety,
                  fmt::format("{} was woken {} times at one instant", to_text(names_.name(id)), entry.wake_ups));
}

void World::tell_arrival(const Pending& pending) {
  if (pending.origin.id.value == 0 || !witnesses_.wants(Frequent::frame_arrived)) return;
  FrameArrived arrived{pending.origin.id, names_.name(pending.origin.from), names_.name(pending.to),
                       pending.origin.kind};
  witnesses_.tell(Frequent::frame_arrived, [&](Observer& observer) { observer.on_frame_arrived(now_, arrived); });
}

void World::tell_loss(const Pending& pending) {
  if (pending.origin.id.value == 0 || !witnesses_.is_anybody_there()) return;
  FrameLost lost{pending.origin.id, names_.name(pending.origin.from), names_.name(pending.to), pending.origin.kind,
                 LossReason::receiver_down};
  witnesses_.tell([&](Observer& observer) { observer.on_frame_lost(now_, lost); });
}

void World::tell_state(HostId id, NodeState state) {
  witnesses_.tell([&](Observer& observer) { observer.on_node_state(now_, names_.name(id), state); });
}

void World::arm(HostId id) {
  auto& entry = hosts_[id.value];
  auto deadline = entry.host->next_deadline();
  if (!deadline) {
    entry.armed.reset();
    return;
  }
  auto at = std::max(entry.clock.world(*deadline), now_);
  if (entry.armed == at) return;
  entry.armed = at;
  schedule_at(at, id, nullptr);
}

void World::crash(HostId id) {
  auto& entry = hosts_[id.value];
  if (!entry.is_up) return;
  ++entry.incarnation;
  entry.is_up = false;
  entry.armed.reset();
  entry.host->crash();
  for (const auto& pending : std::exchange(entry.waiting, {})) tell_loss(pending);
  mix_connections_.close_all_of(id);
  auto kind = names_.name(id).kind;
  if (kind == NodeKind::gateway) websockets_.reset_gateway(id);
  if (kind == NodeKind::client) websockets_.reset_client(id);
  tell_state(id, NodeState::down);
}

void World::restart(HostId id) {
  auto& entry = hosts_[id.value];
  if (entry.is_up || entry.is_killed) return;
  entry.is_up = true;
  tell_state(id, entry.pauses > 0 ? NodeState::paused : NodeState::up);
  schedule(Duration(), id, boxed<StartHost>());
}

void World::kill(HostId id) {
  crash(id);
  hosts_[id.value].is_killed = true;
}

void World::pause(HostId id) {
  if (++hosts_[id.value].pauses == 1 && is_up(id)) tell_state(id, NodeState::paused);
}

void World::resume(HostId id) {
  auto& entry = hosts_[id.value];
  if (--entry.pauses > 0) return;
  for (auto& pending : std::exchange(entry.waiting, {})) queue_.push(now_, std::move(pending));
  if (is_up(id)) tell_state(id, NodeState::up);
}

void World::set_drift(HostId id, std::int64_t ppm) {
  hosts_[id.value].clock.set_drift(now_, ppm);
  hosts_[id.value].armed.reset();
  arm(id);
}

void World::jump_wall_clock(HostId id, Duration by) {
  hosts_[id.value].wall_offset += by;
  show_wall_clock(id);
}

void World::show_wall_clock(HostId id) {
  auto& entry = hosts_[id.value];
  if (!entry.is_up) return;
  entry.host->on_wall_clock(entry.clock.local(now_));
  arm(id);
}

void World::inject(TimePoint at, HostId to, wire::MixFrame frame) {
  arrive(at, to, boxed<mixnode::Input>(relay::FrameReceived{std::move(frame)}), {});
}

}  // namespace nym::sim
