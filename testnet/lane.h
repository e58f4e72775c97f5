#pragma once

#include <deque>
#include <functional>
#include <map>

#include "engine/base/random.h"
#include "net/runtime.h"
#include "sim/grammar/fault.h"

namespace nym::testnet {

/// What a link is like now.
struct LinkQuality {
  sim::TimeDistribution latency;
  sim::TimeDistribution jitter;
  Probability loss;
  Probability duplicate;
  Probability reorder;
  Probability corrupt;
  std::optional<std::uint64_t> rate;
  bool is_clogged = false;  ///< everything waits
  bool is_cut = false;

  void apply(const sim::LinkChange& change);
  bool changes_nothing() const;
};

/// Frames between nodes are lost, doubled, reordered and damaged one by one. A websocket runs over a transport that
/// repairs all that: what is lost or damaged comes later, nothing is overtaken, and what is cut off waits.
enum class Transport : std::uint8_t { frames, websocket };

/// One direction of a relayed connection: hands over what is passed to it when the link's quality lets it arrive.
class Lane {
 public:
  using Deliver = std::function<void(Bytes)>;
  /// The random source outlives the lane.
  Lane(net::Runtime& runtime, RandomSource& random, Transport transport, Deliver deliver);

  void set_quality(LinkQuality quality);
  /// A whole frame, or whatever was read. Delivered at once if nothing is different on this link.
  void pass(Bytes bytes);
  /// On their way.
  std::size_t bytes() const { return bytes_; }

 private:
  void send(Bytes bytes);
  TimePoint departure(std::size_t bytes);
  Duration draw_passage();
  void damage(Bytes& bytes);
  void arrive_at(TimePoint when, Bytes bytes);
  void deliver_due();
  bool is_held() const { return quality_.is_clogged || quality_.is_cut; }

  RandomSource& random_;
  Transport transport_;
  Deliver deliver_;
  LinkQuality quality_;
  std::deque<Bytes> held_;
  std::multimap<TimePoint, Bytes> arriving_;
  std::size_t bytes_ = 0;
  TimePoint free_at_;
  TimePoint last_arrival_;
  net::Timer timer_;
};

}  // namespace nym::testnet
