#pragma once

#include <deque>
#include <map>
#include <memory>

#include "engine/base/poisson_clock.h"
#include "engine/sphinx/suite.h"
#include "engine/topology/topology.h"
#include "engine/wire/framing.h"

namespace nym::mixnode {

/// What a mixnode sends to itself. Whoever loses, delays or replaces packets does it to some of these as well.
struct LoopConfig {
  Duration average_delay = Duration::seconds(1);       ///< mean time between two of them
  std::shared_ptr<const topology::Snapshot> topology;  ///< never null; without this mixnode in it there are no loops
  topology::RouteShape routes = topology::RouteShape::stratified;
  Duration average_packet_delay = Duration::milliseconds(50);  ///< mean time at each mixnode
  Duration lost_after = Duration::seconds(5);                  ///< one that is not back by then is lost
};

/// The loops of one mixnode that are under way: at most limits::kLoopsUnderWay, then none is sent until one is back or
/// lost. To everybody else they are packets like others.
class LoopCover {
 public:
  LoopCover(LoopConfig config, const crypto::X25519PublicKey& own, const sphinx::Suite& suite, RandomSource& random);

  void start(TimePoint now) { clock_.start(now, config_.average_delay); }
  struct Loop {
    Endpoint first_hop;
    wire::MixFrame frame;
  };
  /// The next one that is due; call until there is none.
  std::optional<Loop> next(TimePoint now);
  /// The round trip when this was one of ours, once.
  std::optional<Duration> take_back(TimePoint now, const sphinx::Destination& destination);
  /// How many are lost since the last call.
  std::size_t take_lost(TimePoint now);
  std::optional<TimePoint> next_deadline() const;

 private:
  std::optional<Loop> make(TimePoint now);
  void forget_returned();

  LoopConfig config_;
  crypto::X25519PublicKey own_;
  const sphinx::Suite& suite_;
  std::unique_ptr<RandomSource> routes_;
  std::unique_ptr<RandomSource> names_;
  std::unique_ptr<RandomSource> secrets_;
  PoissonClock clock_;
  std::map<sphinx::Destination, TimePoint> under_way_;  ///< by the destination that is drawn for each
  struct Sent {
    TimePoint at;
    sphinx::Destination name;
  };
  std::deque<Sent> oldest_first_;  ///< begins with one that is under way
};

}  // namespace nym::mixnode
