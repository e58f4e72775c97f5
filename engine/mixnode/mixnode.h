#pragma once

#include <queue>

#include "engine/base/outbox.h"
#include "engine/mixnode/io.h"
#include "engine/relay/mix_links.h"
#include "engine/relay/replay_filter.h"
#include "engine/sphinx/suite.h"

namespace nym::mixnode {

struct Config {
  crypto::X25519KeyPair sphinx_key;
  relay::ReplayMode replay = relay::ReplayMode::reject;
  relay::MixLinks::Config links;
};

/// Peels one layer of every packet, keeps it for the delay that its sender chose, and sends it on (03 §11.1).
/// The suite outlives the mixnode.
class Mixnode final : private relay::LinkSink {
 public:
  Mixnode(Config config, const sphinx::Suite& suite, RandomSource& random);

  void handle_input(TimePoint now, Input input);
  void handle_timeout(TimePoint now);
  std::optional<Output> poll_output() { return outbox_.poll(); }
  std::optional<TimePoint> poll_timeout() const;

  const crypto::X25519KeyPair& sphinx_key() const { return config_.sphinx_key; }
  std::size_t held_packets() const { return held_.size(); }

 private:
  struct Held {
    TimePoint release;
    std::uint64_t sequence = 0;  ///< arrival order among equals
    TimePoint arrived;
    Endpoint next_hop;
    wire::MixFrame frame;
    friend bool operator>(const Held& a, const Held& b) {
      return std::tie(a.release, a.sequence) > std::tie(b.release, b.sequence);
    }
  };

  void on_frame(TimePoint now, wire::MixFrame frame);
  void hold(TimePoint now, const sphinx::ForwardPacket& packet, const wire::MixFrame& frame);
  void release_due(TimePoint now);

  void dial(ConnectionId connection, const Endpoint& address) override;
  void send(ConnectionId connection, wire::MixFrame frame) override;
  void dropped(DropReason reason, std::size_t frames) override;

  Config config_;
  const sphinx::Suite& suite_;
  std::unique_ptr<RandomSource> random_;
  relay::ReplayFilter replays_;
  relay::MixLinks links_;
  std::priority_queue<Held, std::vector<Held>, std::greater<>> held_;
  std::size_t held_bytes_ = 0;
  std::uint64_t sequence_ = 0;
  Outbox<Output> outbox_;
};

}  // namespace nym::mixnode
