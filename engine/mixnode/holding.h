#pragma once

#include <memory>
#include <optional>
#include <variant>
#include <vector>

#include "engine/base/endpoint.h"
#include "engine/base/random.h"
#include "engine/base/time.h"
#include "engine/wire/framing.h"

namespace nym::mixnode {

// How a mixnode keeps packets back. The protocol has stop-and-go; the others, which pay no attention to the delay in a
// packet, are there to be compared with it.
struct StopAndGo {};  ///< each for the delay that its sender chose
struct Timed {
  Duration interval;  ///< above zero
};  ///< all, every interval
struct Threshold {
  std::size_t packets = 1;  ///< at least one
};  ///< all, once there are so many
struct Pool {
  std::size_t keep = 0;
  Duration interval;  ///< above zero
};  ///< every interval, all but `keep` drawn ones
using Strategy = std::variant<StopAndGo, Timed, Threshold, Pool>;

struct HeldPacket {
  TimePoint arrived;
  Endpoint next_hop;
  wire::MixFrame frame;
};

/// The packets that a mixnode keeps back. Batches leave in a drawn order; intervals have a drawn phase, so that
/// mixnodes do not act all at once.
class Holding {
 public:
  Holding() = default;
  Holding(const Holding&) = delete;
  Holding& operator=(const Holding&) = delete;
  virtual ~Holding() = default;

  /// Whether a packet with this delay waits at all.
  virtual bool keeps(Duration delay) const = 0;
  virtual void add(Duration delay, HeldPacket packet) = 0;
  /// Whether something leaves because of what was added, whatever the time is.
  virtual bool is_full() const { return false; }
  /// What leaves now, in its order.
  virtual std::vector<HeldPacket> take(TimePoint now) = 0;
  virtual std::optional<TimePoint> next_deadline() const = 0;
  virtual std::size_t size() const = 0;
};

/// For stop-and-go nothing is drawn.
std::unique_ptr<Holding> make_holding(const Strategy& strategy, std::unique_ptr<RandomSource> random);

}  // namespace nym::mixnode
