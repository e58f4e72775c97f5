#pragma once

#include <map>

#include "engine/base/fifo.h"
#include "engine/base/limits.h"
#include "engine/base/random.h"
#include "engine/relay/io.h"

namespace nym::relay {

/// Where MixLinks puts what it wants done.
class LinkSink {
 public:
  virtual void dial(ConnectionId connection, const Endpoint& address) = 0;
  virtual void send(ConnectionId connection, wire::MixFrame frame) = 0;
  virtual void dropped(DropReason reason, std::size_t frames) = 0;

 protected:
  ~LinkSink() = default;
};

/// Outgoing links to other nodes: one connection a next hop, dialed at its first frame and kept (03 §10.5). Frames wait
/// in a bounded queue while the connection is not there; re-dialing backs off with jitter. A link that stays
/// unreachable is given up with its queue.
///
///            frame                opened
///   (none) ────────► dialing ──────────────► open
///                      ▲  │ failed            │ closed
///              backoff │  ▼                   ▼
///                    waiting ◄────────────────┘   given up after 60 s: (none)
class MixLinks {
 public:
  struct Config {
    Duration backoff_initial = Duration::milliseconds(100);
    Duration backoff_maximum = Duration::seconds(10);
  };
  MixLinks(Config config, RandomSource& random, LinkSink& sink) : config_(config), random_(random), sink_(sink) {}

  void send(TimePoint now, const Endpoint& next_hop, wire::MixFrame frame);
  void know(std::optional<std::set<Endpoint>> addresses) { known_ = std::move(addresses); }
  bool knows(const Endpoint& next_hop) const { return !known_ || known_->contains(next_hop); }
  void on_opened(ConnectionId connection);
  void on_written(ConnectionId connection, std::size_t frames);
  void on_closed(TimePoint now, ConnectionId connection);
  void on_timeout(TimePoint now);
  std::optional<TimePoint> next_deadline() const;
  /// Frames that wait for their connection, or for what was sent before.
  std::size_t queued_frames() const;

 private:
  enum class State : std::uint8_t { dialing, open, waiting };
  struct Link {
    State state = State::dialing;
    ConnectionId connection;
    Fifo<wire::MixFrame> queue;
    std::size_t in_flight = 0;
    std::uint32_t failures = 0;
    TimePoint unreachable_since;
    TimePoint retry_at;
  };
  using Links = std::map<Endpoint, Link>;

  void dial(const Endpoint& address, Link& link);
  void flush(Link& link);
  static bool can_send(const Link& link);
  void pass_on(Link& link, wire::MixFrame frame);
  Duration backoff(std::uint32_t failures);
  Links::iterator find(ConnectionId connection);

  Config config_;
  RandomSource& random_;
  LinkSink& sink_;
  std::optional<std::set<Endpoint>> known_;
  Links links_;
  std::map<ConnectionId, Endpoint> by_connection_;
  std::size_t waiting_ = 0;  ///< links in this state
  std::uint64_t next_connection_ = 1;
};

}  // namespace nym::relay
