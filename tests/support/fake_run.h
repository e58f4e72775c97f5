#pragma once

#include <map>

#include "sim/anonymity/origins.h"
#include "sim/record/interceptor.h"

namespace nym::sim::test {

inline NodeName mix(std::uint32_t index) {
  return {NodeKind::mixnode, index};
}
inline NodeName gw(std::uint32_t index) {
  return {NodeKind::gateway, index};
}
inline NodeName client(std::uint32_t index) {
  return {NodeKind::client, index};
}

/// Tells an observer of a network that there is none of: the test says what passes on which link.
class FakeRun {
 public:
  static constexpr std::uint32_t kData = 2'413;
  static constexpr std::uint32_t kAck = 386;

  explicit FakeRun(Observer& observer) : observer_(observer), interceptor_(dynamic_cast<Interceptor*>(&observer)) {}

  FrameId send(NodeName from, NodeName to, FrameKind kind, FrameId peeled_from = {}, std::uint32_t bytes = kData,
               std::optional<client::PacketKind> content = {}) {
    FrameSent frame{FrameId{next_++}, from, to, kind, bytes, now, content, peeled_from, nullptr};
    if (interceptor_ != nullptr) interception = interceptor_->intercept(now, frame);
    observer_.on_frame_sent(now, frame);
    sent_[frame.id] = {frame.id, from, to, kind};
    return frame.id;
  }
  void arrive(FrameId id) { observer_.on_frame_arrived(now, sent_.at(id)); }
  void lose(FrameId id) {
    const auto& frame = sent_.at(id);
    observer_.on_frame_lost(now, {id, frame.from, frame.to, frame.kind, LossReason::loss});
  }
  FrameId pass(NodeName from, NodeName to, FrameKind kind, FrameId peeled_from = {}, std::uint32_t bytes = kData) {
    auto id = send(from, to, kind, peeled_from, bytes);
    arrive(id);
    return id;
  }

  /// From a client through its gateway onto the link to a mixnode, and into it.
  FrameId enter(std::uint32_t sender, std::uint32_t mixnode, client::PacketKind content = client::PacketKind::real,
                std::uint32_t gateway = 0) {
    auto upload = send(client(sender), gw(gateway), FrameKind::upload, {}, kData, content);
    arrive(upload);
    return pass(gw(gateway), mix(mixnode), FrameKind::packet, upload);
  }
  FrameId hop(FrameId inside, std::uint32_t from, std::uint32_t to) {
    return pass(mix(from), mix(to), FrameKind::packet, inside);
  }
  /// Out of a mixnode, through a gateway, to a client.
  void leave(FrameId inside, std::uint32_t from, std::uint32_t receiver, std::uint32_t gateway = 0) {
    auto packet = pass(mix(from), gw(gateway), FrameKind::packet, inside);
    pass(gw(gateway), client(receiver), FrameKind::push, packet, 2'000);
  }

  TimePoint now = kRunStart;
  Interception interception;  ///< of what was sent last

 private:
  Observer& observer_;
  Interceptor* interceptor_;
  std::uint64_t next_ = 1;
  std::map<FrameId, FrameArrived> sent_;
};

/// So many mixnodes, one gateway, clients of one kind.
inline Plan small_plan(std::uint32_t mixnodes, std::uint32_t clients) {
  Plan plan;
  plan.network.mixnodes = mixnodes;
  plan.network.gateways = 1;
  plan.clients = {{{}, clients}};
  return plan;
}

}  // namespace nym::sim::test
