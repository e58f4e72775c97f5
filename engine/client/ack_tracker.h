#pragma once

#include <map>
#include <memory>
#include <set>
#include <vector>

#include "engine/base/limits.h"
#include "engine/base/random.h"
#include "engine/client/config.h"
#include "engine/client/outgoing.h"
#include "engine/client/recent_map.h"

namespace nym::client {

/// How much later than the mixnodes' delays explain acknowledgements come: smoothed mean and deviation, in the manner
/// of TCP (RFC 6298).
class LatencyEstimate {
 public:
  void add(Duration excess);
  /// Mean and four deviations; zero before the first measurement.
  Duration bound() const { return mean_ + deviation_ * 4; }

 private:
  bool measured_ = false;
  Duration mean_;
  Duration deviation_;
};

/// Fragments that were sent and not acknowledged yet (04 §3.9). After the expected delay times 1.5 plus 1.5 s one is
/// due for retransmission, later where the network proves slower, and later with every try; after max_tries or
/// max_age it failed. Which sending an acknowledgement answers is not said in it: what was sent once is measured, and
/// what was sent twice once a second acknowledgement shows that the first sending was not lost but slow.
///
///   (none) ──sent──► armed ──deadline──► due ──sent again──► armed …   ack in any state: (none)
class AckTracker {
 public:
  AckTracker(const AckConfig& config, std::unique_ptr<RandomSource> random)
      : config_(config), random_(std::move(random)) {}

  /// The packet of this fragment was handed to the gateway link.
  void on_sent(TimePoint now, OutgoingFragment fragment, Duration expected_delay);

  struct Acknowledged {
    std::optional<MessageId> message;
    Duration round_trip;
    TimePoint first_sent;
    std::optional<Duration> excess;  ///< over the mixnodes' delays, of what was sent once
    std::size_t bytes = 0;
  };
  /// Nothing for an unknown id (a late or foreign acknowledgement).
  std::optional<Acknowledged> on_ack(TimePoint now, const wire::FragmentId& id);

  struct Expired {
    std::vector<OutgoingFragment> retransmit;
    std::vector<OutgoingFragment> failed;
  };
  Expired take_expired(TimePoint now);
  /// Puts a due fragment that could not be sent off until later.
  void postpone(TimePoint now, const wire::FragmentId& id);

  bool is_pending(const wire::FragmentId& id) const { return pending_.contains(id); }
  void forget(const wire::FragmentId& id);
  /// All fragments of a message whose outcome is known.
  void forget(MessageId message);

  std::size_t size() const { return pending_.size(); }
  /// Of the fragments, in main memory.
  std::size_t bytes() const { return bytes_; }
  std::optional<TimePoint> next_deadline() const;

 private:
  struct Pending {
    OutgoingFragment fragment;
    TimePoint first_sent;
    TimePoint last_sent;
    Duration expected_delay;
    std::uint32_t tries = 0;
    std::optional<TimePoint> deadline;  ///< none while due
  };
  using AllPending = std::map<wire::FragmentId, Pending>;
  Duration timeout_of(const Pending& pending);
  void arm(const wire::FragmentId& id, Pending& pending, TimePoint deadline);
  void disarm(const wire::FragmentId& id, Pending& pending);
  void remove(AllPending::iterator pending);

  AckConfig config_;
  std::unique_ptr<RandomSource> random_;
  LatencyEstimate latency_;
  AllPending pending_;
  std::set<std::pair<TimePoint, wire::FragmentId>> deadlines_;
  std::set<std::pair<MessageId, wire::FragmentId>> by_message_;
  /// Acknowledged, and how late if that was the first sending's.
  RecentMap<wire::FragmentId, Duration> sent_twice_{limits::kSentTwice};
  std::size_t bytes_ = 0;
};

}  // namespace nym::client
