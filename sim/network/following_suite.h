#pragma once

#include <deque>
#include <map>

#include "engine/sphinx/suite.h"
#include "sim/check/replay_watch.h"
#include "sim/record/observer.h"

namespace nym::sim {

/// Does what another suite does, and remembers which frame each packet was peeled from: what no node knows, and those
/// who measure need. Of the newest packets only; nothing while it is not told to follow. May let a checker look on.
class FollowingSuite final : public sphinx::Suite {
 public:
  explicit FollowingSuite(const sphinx::Suite& suite) : suite_(suite) {}

  /// What is peeled from now on comes from this frame; 0: from none.
  void follow(FrameId frame) { current_ = frame; }
  /// Where a packet that leaves was peeled from; once.
  FrameId take_origin(const Blob& packet);
  void forget();
  /// Told of every packet that is opened; lives longer.
  void show_to(ReplayWatch& watch) { watch_ = &watch; }

  Blob seal(sphinx::PacketPlan plan) const override { return suite_.seal(std::move(plan)); }
  using Suite::peel;
  Result<sphinx::Peeled> peel(const Blob& packet, const crypto::X25519KeyPair& node_key,
                              sphinx::NodeRule rule) const override;
  sphinx::ReplySurb make_reply_surb(const sphinx::ReplySurbPlan& plan) const override {
    return suite_.make_reply_surb(plan);
  }
  sphinx::SurbKey reply_key(const sphinx::ReplySurb& surb) const override { return suite_.reply_key(surb); }
  Result<sphinx::ReplyPacket> seal_reply(const sphinx::ReplySurb& surb, sphinx::ReplyPayload payload,
                                         std::size_t payload_size) const override {
    return suite_.seal_reply(surb, std::move(payload), payload_size);
  }
  Result<Blob> open_fragment(const crypto::X25519KeyPair& own, const Blob& delivered) const override {
    return suite_.open_fragment(own, delivered);
  }
  Result<Blob> open_reply_fragment(const sphinx::SurbKey& key, const Blob& delivered) const override {
    return suite_.open_reply_fragment(key, delivered);
  }
  Result<sphinx::AckIdentifier> open_ack(const sphinx::AckKey& key, const Blob& delivered) const override {
    return suite_.open_ack(key, delivered);
  }
  Blob seal_envelope(const sphinx::GatewaySharedKeys& keys, Bytes head, Blob body) const override {
    return suite_.seal_envelope(keys, std::move(head), std::move(body));
  }
  Result<Blob> open_envelope(const sphinx::GatewaySharedKeys& keys, const Blob& sealed) const override {
    return suite_.open_envelope(keys, sealed);
  }
  void prepare(std::span<const Blob> pending) const override { suite_.prepare(pending); }
  void prepare_peel(std::span<const sphinx::PacketAtNode> packets) const override { suite_.prepare_peel(packets); }

 private:
  struct Origin {
    FrameId frame;
    Blob packet;  ///< keeps the key below from meaning another one
  };
  using Place = const void*;  ///< only looked up, never an order that decides

  const sphinx::Suite& suite_;
  ReplayWatch* watch_ = nullptr;
  FrameId current_;
  mutable std::map<Place, Origin> origins_;
  mutable std::deque<Place> oldest_first_;
};

}  // namespace nym::sim
