#pragma once

#include <vector>

#include "sim/anonymity/corruption.h"
#include "sim/anonymity/frame_map.h"

namespace nym::sim {

/// What somebody believes who sees when frames pass on all links, and nothing of what goes on inside honest mixnodes.
///
/// Every frame carries a vector: how much of each of `width` things it is believed to be, between 0 and 1 each. An
/// upload is given its vector by the caller. At a gateway there is no mixing: what leaves is what came. Inside a
/// mixnode packets of one size are a pool; whatever leaves it is the average of what is in it. For exponential delays
/// of one mean that is the exact posterior, since they have no memory: each packet inside is as likely as any other to
/// be the next one out, whenever it came. For timed, threshold and pool mixes it is exact too, for all of a batch are
/// drawn from the pool evenly: taking the average out n times is the same as giving each of n the average.
///
/// Where it departs from that it says less or more than the truth: clients' loop cover waits longer than other packets
/// (02 §10), which the average does not know; a mixnode's own loops and what comes back of them are known as such
/// (`peeled_from` is 0), which helps the adversary; that a route has three mixnodes is not used, which on free routes
/// would help it. Corrupt mixnodes show which packet became which.
///
/// Cost: a vector for each frame under way that carries something, one for each pool; less than kForgotten is nothing.
class MassFlow {
 public:
  using Masses = std::vector<double>;  ///< empty: nothing
  static constexpr double kForgotten = 1e-9;

  MassFlow(std::size_t width, CorruptSet corrupt) : width_(width), corrupt_(std::move(corrupt)) {}

  /// Call for every frame that the adversary sees; what the frame carries. For an upload nothing: see `put`.
  Masses on_frame_sent(const FrameSent& frame);
  /// Before the node that it arrives at does anything.
  void on_frame_arrived(TimePoint now, const FrameArrived& frame);
  void on_frame_lost(const FrameLost& frame) { frames_.erase(frame.id); }
  void on_mixnode_event(std::uint32_t mixnode, const mixnode::Event& event);
  void on_node_state(NodeName node, NodeState state);

  void put(FrameId upload, std::size_t slot);
  /// Nothing is left of this slot anywhere.
  void clear(std::size_t slot);

 private:
  struct Carried {
    Masses masses;
    FrameKind kind{};
    std::uint32_t bytes = 0;
    bool at_gateway = false;
  };
  struct Pool {
    std::size_t packets = 0;
    Masses masses;  ///< sum of all
  };
  struct PoolKey {
    std::uint32_t mixnode = 0;
    std::uint32_t bytes = 0;
    friend auto operator<=>(const PoolKey&, const PoolKey&) = default;
  };
  struct Arrival {
    FrameId id;
    std::uint32_t bytes = 0;
    bool in_pool = false;
    Masses masses;
  };

  Masses leave_mixnode(const FrameSent& frame);
  Masses leave_gateway(const FrameSent& frame);
  Masses take(FrameId id);
  static Masses take_average(Pool& pool);
  static void remove(Pool& pool, const Masses& masses);
  void take_back_arrival(std::uint32_t mixnode);

  std::size_t width_;
  CorruptSet corrupt_;
  FrameMap<Carried> frames_;
  FrameMap<char> left_;  ///< what mixnodes sent on: another frame with the same in it is a copy, and carries nothing
  std::map<PoolKey, Pool> pools_;
  std::map<std::uint32_t, Arrival> last_arrivals_;  ///< by mixnode
};

}  // namespace nym::sim
