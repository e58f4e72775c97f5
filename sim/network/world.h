#pragma once

#include <functional>
#include <memory>

#include "sim/check/complaints.h"
#include "sim/kernel/event_queue.h"
#include "sim/kernel/fingerprint.h"
#include "sim/kernel/seeded_random.h"
#include "sim/network/countdowns.h"
#include "sim/network/links.h"
#include "sim/network/mix_connections.h"
#include "sim/network/node_clock.h"
#include "sim/network/preparer.h"
#include "sim/network/websockets.h"
#include "sim/record/start.h"

namespace nym::sim {

/// Virtual time, the hosts and what is between them, and the record of what happened. Next-event time: nothing happens
/// between events.
class World final : private LinkGround {
 public:
  World(const Plan& plan, RandomSource& random);

  /// Of the world; hosts have clocks of their own.
  TimePoint now() const override { return now_; }
  HostId add(std::unique_ptr<Host> host);
  const HostNames& names() const { return names_; }

  /// For the host as it runs now: lost if it crashes before.
  void schedule(Duration after, HostId to, InputBox input) { schedule_at(now_ + after, to, std::move(input)); }
  void schedule_at(TimePoint at, HostId to, InputBox input) { arrive(at, to, std::move(input), {}); }
  /// What is to happen at a time beside the events of hosts; before them at the same instant.
  void schedule_action(TimePoint at, std::function<void()> action);
  /// After a host changed outside its events: asks anew for its next deadline.
  void rearm(HostId id) { arm(id); }
  /// Handles the next event or action; false when there is none up to `limit`.
  bool step(TimePoint limit);

  // Faults of hosts. Each begins with one call and ends with the other; they may overlap.
  void crash(HostId id);
  /// Not for one that was killed.
  void restart(HostId id);
  void lose_disk(HostId id) { hosts_[id.value].host->lose_disk(); }
  /// Down for good.
  void kill(HostId id);
  bool is_up(HostId id) const { return hosts_[id.value].is_up; }
  /// Up, and not standing still.
  bool is_running(HostId id) const { return hosts_[id.value].is_up && hosts_[id.value].pauses == 0; }
  bool is_killed(HostId id) const { return hosts_[id.value].is_killed; }
  /// Events for the host wait.
  void pause(HostId id);
  void resume(HostId id);
  /// What it does takes so many thousandths of its time; 1000: as always.
  void slow_down(HostId id, std::int64_t factor_thousandths) { hosts_[id.value].slowness = factor_thousandths; }
  void set_drift(HostId id, std::int64_t ppm);
  /// How far its wall clock is from the right time.
  Duration wall_offset(HostId id) const { return hosts_[id.value].wall_offset; }
  void jump_wall_clock(HostId id, Duration by);
  /// Tells it what its wall clock shows.
  void show_wall_clock(HostId id);
  /// Resets all websockets of a gateway.
  void cut_sessions(HostId gateway) { websockets_.reset_gateway(gateway); }
  /// The n-th dial from now on fails.
  void fail_dial(HostId id, std::uint64_t n) { hosts_[id.value].failing_dials.add(n); }
  /// One dial: whether it may succeed.
  bool takes_dial(HostId id) { return !hosts_[id.value].failing_dials.strike(); }

  /// Lent; told of everything on its way. None: cryptography is done when it is needed.
  void set_preparer(Preparer* preparer) { preparer_ = preparer; }

  Links& links() { return links_; }
  MixConnections& mix_connections() { return mix_connections_; }
  Websockets& websockets() { return websockets_; }
  Witnesses& witnesses() { return witnesses_; }
  Complaints& complaints() { return complaints_; }
  Fingerprint& fingerprint() { return fingerprint_; }
  std::uint64_t events() const { return events_; }
  std::uint64_t packets() const { return packets_; }
  void count_packet() { ++packets_; }
  /// A node refused a packet that it had seen before: without duplicating links, a SURB that was used twice.
  void count_replay() { ++replays_; }
  std::uint64_t replays() const { return replays_; }
  /// The frame that is being handled, for those who follow packets; 0: none.
  FrameId current_frame() const { return current_frame_; }
  /// As if a node without a name had sent it.
  void inject(TimePoint at, HostId to, wire::MixFrame frame);

 private:
  struct Pending {
    HostId to;
    std::uint32_t incarnation = 0;
    InputBox input;
    FrameOrigin origin;
  };
  static_assert(sizeof(Pending) <= 32);
  struct Entry {
    std::unique_ptr<Host> host;
    std::optional<TimePoint> armed;
    TimePoint woken_at;
    int wake_ups = 0;  ///< at that instant
    std::uint32_t incarnation = 0;
    bool is_up = true;
    bool is_killed = false;
    std::uint32_t pauses = 0;
    std::vector<Pending> waiting;  ///< while it is paused, in order
    TimePoint busy_until;
    std::int64_t slowness = 1'000;
    NodeClock clock;
    Duration wall_offset;
    Countdowns failing_dials;
  };

  void arrive(TimePoint at, HostId to, InputBox input, FrameOrigin origin) override;
  void tell_sender(TimePoint at, HostId from, InputBox written) override { arrive(at, from, std::move(written), {}); }
  void arm(HostId id);
  void count_wake_up(HostId id);
  void handle(Pending& pending);
  void tell_arrival(const Pending& pending);
  void tell_loss(const Pending& pending);
  void tell_state(HostId id, NodeState state);

  HostNames names_;
  TimePoint now_ = kRunStart;
  EventQueue<Pending> queue_;
  std::multimap<TimePoint, std::function<void()>> actions_;
  std::vector<Entry> hosts_;
  Witnesses witnesses_;
  Complaints complaints_;
  Links links_;
  MixConnections mix_connections_;
  Websockets websockets_;
  Fingerprint fingerprint_;
  FrameId current_frame_;
  Preparer* preparer_ = nullptr;
  std::uint64_t events_ = 0;
  std::uint64_t packets_ = 0;
  std::uint64_t replays_ = 0;
};

}  // namespace nym::sim
