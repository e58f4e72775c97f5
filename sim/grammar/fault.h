#pragma once

#include "sim/grammar/distribution.h"
#include "sim/grammar/node_set.h"

namespace nym::sim {

/// What is different on some links; what is not given stays as it is.
struct LinkChange {
  std::optional<TimeDistribution> latency{};
  std::optional<TimeDistribution> jitter{};  ///< added to the latency
  std::optional<Probability> loss{};         ///< a frame vanishes
  std::optional<Probability> duplicate{};    ///< a frame comes twice
  std::optional<Probability> reorder{};      ///< a frame is held back by a further latency; others overtake it
  std::optional<Probability> corrupt{};      ///< one bit of a frame is flipped
  std::optional<std::uint64_t> rate{};       ///< bytes in a second
  enum class Clog : std::uint8_t { open, clogged };
  Clog clog = Clog::open;  ///< clogged: everything waits until it ends
  friend bool operator==(const LinkChange&, const LinkChange&);
};

// Kinds of faults. The line grammar of each stands beside it.

/// `mix1->mix2 loss 5% latency normal(40ms,10ms)`, `c1<->gw1 clog`
struct LinkFault {
  LinkPath path;
  LinkChange change;
  friend bool operator==(const LinkFault&, const LinkFault&) = default;
};
/// `partition gw1|mix*`, `partition one-way gw1|mix*`: nothing passes between the sides, or from the first to the
/// second.
struct Partition {
  NodeSet first;
  NodeSet second;
  Direction direction = Direction::both_ways;
  friend bool operator==(const Partition&, const Partition&) = default;
};
/// `swizzle mix*`: the links of one node after the other are clogged, and freed in another order.
struct SwizzleClog {
  NodeSet nodes;
  friend bool operator==(const SwizzleClog&, const SwizzleClog&) = default;
};
enum class DiskState : std::uint8_t { kept, lost };
/// `crash mix1`, `crash without state gw1`: what is in memory is gone at once; comes back when the fault ends.
struct Crash {
  NodeSet nodes;
  DiskState disk = DiskState::kept;
  friend bool operator==(const Crash&, const Crash&) = default;
};
/// `kill mix1`: gone for the rest of the run, also in calm.
struct Kill {
  NodeSet nodes;
  friend bool operator==(const Kill&, const Kill&) = default;
};
/// `restart gw1`, `restart without state gw1`: a crash, and back at once.
struct Restart {
  NodeSet nodes;
  DiskState disk = DiskState::kept;
  friend bool operator==(const Restart&, const Restart&) = default;
};
/// `pause gw1`: the process stands still, what comes for it waits.
struct Pause {
  NodeSet nodes;
  friend bool operator==(const Pause&, const Pause&) = default;
};
/// `suspend c1`: the machine sleeps; afterwards it sees the time that passed.
struct Suspend {
  NodeSet nodes;
  friend bool operator==(const Suspend&, const Suspend&) = default;
};
/// `slow 3x mix1`: what it does takes so many times as long.
struct Slow {
  NodeSet nodes;
  std::int64_t factor_thousandths = 1'000;
  friend bool operator==(const Slow&, const Slow&) = default;
};
/// `clock jump 10s c1`, `clock jump -10s c1`: the wall clock.
struct ClockJump {
  NodeSet nodes;
  Duration by;
  friend bool operator==(const ClockJump&, const ClockJump&) = default;
};
/// `clock drift 200ppm c1`: all its clocks run faster, or slower with a minus.
struct ClockDrift {
  NodeSet nodes;
  std::int64_t ppm = 0;
  friend bool operator==(const ClockDrift&, const ClockDrift&) = default;
};
/// `silence gw1`: what goes to its clients and comes from them vanishes, nobody is told.
struct Silence {
  NodeSet nodes;
  friend bool operator==(const Silence&, const Silence&) = default;
};
/// `cut sessions gw1`: its websockets are reset, it lives on.
struct CutSessions {
  NodeSet nodes;
  friend bool operator==(const CutSessions&, const CutSessions&) = default;
};
/// `disk full c1`: it can save nothing.
struct DiskFull {
  NodeSet nodes;
  friend bool operator==(const DiskFull&, const DiskFull&) = default;
};
/// `disk error gw1`: it can neither save nor read.
struct DiskError {
  NodeSet nodes;
  friend bool operator==(const DiskError&, const DiskError&) = default;
};
/// `disk slow 50ms gw1`: every commit takes so long.
struct DiskSlow {
  NodeSet nodes;
  Duration commit;
  friend bool operator==(const DiskSlow&, const DiskSlow&) = default;
};
enum class Operation : std::uint8_t {
  persist,  ///< a commit to the disk
  dial,     ///< a new connection
  fetch     ///< of the directory's documents
};
/// `fail the 7th persist c1`: counted from the time of the fault; the others succeed.
struct FailNth {
  NodeSet nodes;
  Operation operation{};
  std::uint64_t n = 1;
  friend bool operator==(const FailNth&, const FailNth&) = default;
};
/// `leave app c1`: its application goes away, and comes back.
struct LeaveApp {
  NodeSet nodes;
  friend bool operator==(const LeaveApp&, const LeaveApp&) = default;
};

using FaultAction =
    std::variant<LinkFault, Partition, SwizzleClog, Crash, Kill, Restart, Pause, Suspend, Slow, ClockJump, ClockDrift,
                 Silence, CutSessions, DiskFull, DiskError, DiskSlow, FailNth, LeaveApp>;

/// Something that goes wrong, when, and how long it stays so.
struct Fault {
  struct Repeat {
    Duration every;
    std::uint32_t times = 1;  ///< in all
    friend bool operator==(const Repeat&, const Repeat&) = default;
  };
  Duration at;                       ///< since the start
  std::optional<Duration> length{};  ///< none: until everything is healed
  std::optional<Repeat> repeat{};
  FaultAction action{};
  friend bool operator==(const Fault&, const Fault&) = default;
};

/// `[at 3s] [every 2s 20 times] [for 1s] <action>`. Error: bad_text.
Result<Fault> parse_fault(std::string_view line);
std::string to_text(const Fault& fault);

/// Whether faults of this kind end by themselves, so that a length makes no sense: kill, restart, clock jump, cut
/// sessions, fail the n-th.
bool is_momentary(const FaultAction& action);
/// Whether somebody is out of reach by it without a word to the others.
bool hides_nodes(const FaultAction& action);
/// The nodes that it names, for those that name one set only.
const NodeSet* nodes_of(const FaultAction& action);

}  // namespace nym::sim
