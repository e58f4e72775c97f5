#pragma once

#include <functional>
#include <set>

#include "sim/anonymity/mass_flow.h"
#include "sim/anonymity/origins.h"

namespace nym::sim {

/// How many packets are followed at a time; further ones are not, until one of these is at its end.
inline constexpr std::size_t kTargets = 64;
/// Where this much of a target has come out it counts as arrived.
inline constexpr double kArrived = 0.999;
/// A target is given up after so long, if its place is wanted.
inline constexpr Duration kTargetGivenUpAfter = Duration::seconds(20);
/// Less than this says nothing about where it went.
inline constexpr double kArrivedEnough = 0.5;

/// What became of one packet that was followed: how probable it is for each that it was the one.
struct TargetEnd {
  FrameId upload;
  TimePoint sent;
  std::uint32_t sender = 0;
  double arrived = 0;                         ///< of 1
  std::map<std::uint32_t, double> receivers;  ///< clients, sum `arrived`
  double packet_surprise = 0;                 ///< -sum of p log2 p over the packets that clients got
  double largest_packet = 0;                  ///< largest p of them
  std::optional<std::uint32_t> true_receiver;

  // Of the distributions scaled to sum 1, in bits.
  double receiver_entropy() const;
  double receiver_min_entropy() const;
  double packet_entropy() const;
  double packet_min_entropy() const;
};

/// Follows message packets (uploads with content `real`) through the mass flow of somebody who sees some links: all of
/// some nodes. Acknowledgements and cover are not followed, but are what the followed ones hide among.
class Targets {
 public:
  struct Config {
    CorruptSet corrupt;
    std::optional<std::set<NodeName>> seen;  ///< none: all
    TimePoint from;                          ///< packets sent earlier are not followed
    TimePoint until = TimePoint::at(Duration::max());
  };
  using OnEnd = std::function<void(const TargetEnd&)>;
  Targets(Config config, OnEnd on_end);

  void on_frame_sent(TimePoint now, const FrameSent& frame);
  void on_frame_arrived(TimePoint now, const FrameArrived& frame);
  void on_frame_lost(const FrameLost& frame);
  void on_mixnode_event(std::uint32_t mixnode, const mixnode::Event& event) { flow_.on_mixnode_event(mixnode, event); }
  void on_node_state(NodeName node, NodeState state) { flow_.on_node_state(node, state); }
  /// Those still followed: at the end of a run.
  std::vector<TargetEnd> unfinished() const;

 private:
  bool sees(NodeName from, NodeName to) const;
  void follow(TimePoint now, const FrameSent& upload);
  void receive(std::size_t slot, std::uint32_t client, double mass);
  void note_truth(const FrameSent& push, const Origin& origin);
  void give_up_old(TimePoint now);
  void end(std::size_t slot);

  Config config_;
  OnEnd on_end_;
  MassFlow flow_;
  Origins origins_;
  std::array<std::optional<TargetEnd>, kTargets> targets_;
};

}  // namespace nym::sim
