#pragma once

#include <map>
#include <set>
#include <vector>

#include "engine/client/config.h"
#include "engine/client/outgoing.h"

namespace nym::client {

/// Fragments that were sent and not acknowledged yet (04 §3.9). After the expected delay times 1.5 plus 1.5 s one is
/// due for retransmission; after max_tries or max_age it failed.
///
///   (none) ──sent──► armed ──deadline──► due ──sent again──► armed …   ack in any state: (none)
class AckTracker {
 public:
  explicit AckTracker(const AckConfig& config) : config_(config) {}

  /// The packet of this fragment was handed to the gateway link.
  void on_sent(TimePoint now, OutgoingFragment fragment, Duration expected_delay);

  struct Acknowledged {
    std::optional<MessageId> message;
    Duration round_trip;
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
  std::size_t size() const { return pending_.size(); }
  std::optional<TimePoint> next_deadline() const;

 private:
  struct Pending {
    OutgoingFragment fragment;
    TimePoint first_sent;
    TimePoint last_sent;
    std::uint32_t tries = 0;
    std::optional<TimePoint> deadline;  ///< none while due
  };
  void arm(const wire::FragmentId& id, Pending& pending, TimePoint deadline);
  void disarm(const wire::FragmentId& id, Pending& pending);

  AckConfig config_;
  std::map<wire::FragmentId, Pending> pending_;
  std::set<std::pair<TimePoint, wire::FragmentId>> deadlines_;
};

}  // namespace nym::client
