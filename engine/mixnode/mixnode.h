#pragma once

#include "engine/base/outbox.h"
#include "engine/mixnode/holding.h"
#include "engine/mixnode/io.h"
#include "engine/mixnode/loop_cover.h"
#include "engine/relay/mix_links.h"
#include "engine/relay/replay_filter.h"
#include "engine/sphinx/suite.h"

namespace nym::mixnode {

struct Config {
  crypto::X25519KeyPair sphinx_key;
  relay::ReplayMode replay = relay::ReplayMode::reject;
  relay::MixLinks::Config links;
  Strategy strategy = StopAndGo{};
  std::optional<LoopConfig> loops{};  ///< none: it sends none
};

/// Peels one layer of every packet, keeps it for the delay that its sender chose (or as its strategy says), and sends
/// it on (03 §11.1). The suite outlives the mixnode.
class Mixnode final : private relay::LinkSink {
 public:
  Mixnode(Config config, const sphinx::Suite& suite, RandomSource& random);

  /// The first mutation of a mixnode with loops; one without needs none.
  void start(TimePoint now);
  void handle_input(TimePoint now, Input&& input);
  void handle_timeout(TimePoint now);
  std::optional<Output> poll_output() { return outbox_.poll(); }
  std::optional<TimePoint> poll_timeout() const;

  const crypto::X25519KeyPair& sphinx_key() const { return config_.sphinx_key; }
  std::size_t held_packets() const { return holding_->size(); }
  std::size_t queued_frames() const { return links_.queued_frames(); }

 private:
  void on_frame(TimePoint now, const wire::MixFrame& frame);
  void hold(TimePoint now, sphinx::ForwardPacket& packet, const wire::MixFrame& frame);
  void release(TimePoint now);
  void forward(TimePoint now, HeldPacket& packet);
  void on_final_hop(TimePoint now, const sphinx::FinalPacket& packet);
  void run_loops(TimePoint now);

  void dial(ConnectionId connection, const Endpoint& address) override;
  void send(ConnectionId connection, wire::MixFrame frame) override;
  void dropped(DropReason reason, std::size_t frames) override;

  Config config_;
  const sphinx::Suite& suite_;
  std::unique_ptr<RandomSource> random_;
  relay::ReplayFilter replays_;
  relay::MixLinks links_;
  std::unique_ptr<Holding> holding_;
  std::size_t held_bytes_ = 0;
  std::optional<LoopCover> loops_;
  Outbox<Output> outbox_;
};

}  // namespace nym::mixnode
