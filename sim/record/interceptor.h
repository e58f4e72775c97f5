#pragma once

#include <functional>
#include <vector>

#include "engine/sphinx/suite.h"
#include "engine/topology/topology.h"
#include "sim/record/observer.h"

namespace nym::sim {

/// What an adversary does to a frame that is being sent.
struct Interception {
  enum class Fate : std::uint8_t { pass, lose };
  Fate fate = Fate::pass;
  Duration delay{};                         ///< in addition; later frames of the link may overtake it
  std::vector<Duration> copies{};           ///< sent again so much later
  std::optional<std::uint32_t> flip_bit{};  ///< of the frame's bytes
};

/// What an adversary can do beside that.
class NetworkAccess {
 public:
  virtual ~NetworkAccess() = default;
  virtual TimePoint now() const = 0;
  virtual const topology::Snapshot& topology() const = 0;
  virtual const sphinx::Suite& suite() const = 0;
  /// Puts a packet of its own on a link to a node; it arrives as if a node without a name had sent it.
  virtual void inject(TimePoint at, NodeName to, wire::MixFrame frame) = 0;
  virtual void schedule(TimePoint at, std::function<void()> action) = 0;
};

/// Looks on like every observer, and may interfere. Asked for each frame after the links' own loss and delay are drawn,
/// before on_frame_sent is told.
class Interceptor : public Observer {
 public:
  virtual void begin(NetworkAccess&) {}
  virtual Interception intercept(TimePoint, const FrameSent&) { return {}; }
};

}  // namespace nym::sim
