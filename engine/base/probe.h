#pragma once

#include <bitset>
#include <cstdint>
#include <optional>
#include <string_view>

/// Marks on branches that matter: whoever runs the engine in a test may ask which of them were reached. In production
/// nobody asks, and a mark costs the look at one thread-local pointer.
namespace nym {

enum class ProbeKind : std::uint8_t {
  expected,  ///< a sweep of some thousand seeds that never reaches it does not test what it should
  rare       ///< needs a full disk of messages, days, or a peer or an application that breaks the protocol
};

// name of the enumerator, name for people, kind
#define NYM_PROBES(X)                                                               \
  X(ack_retransmit_after_timeout, "ack.retransmit.after_timeout", expected)         \
  X(ack_give_up_after_tries, "ack.give_up.after_tries", rare)                       \
  X(ack_give_up_after_age, "ack.give_up.after_age", rare)                           \
  X(ack_first_was_only_slow, "ack.first_was_only_slow", expected)                   \
  X(ack_for_nothing_pending, "ack.for_nothing_pending", expected)                   \
  X(ack_postponed_without_route, "ack.postponed_without_route", rare)               \
  X(ack_forgotten_with_message, "ack.forgotten_with_message", rare)                 \
  X(ack_malformed, "ack.malformed", rare)                                           \
  X(session_reconnect, "session.reconnect", expected)                               \
  X(session_dial_timed_out, "session.dial_timed_out", rare)                         \
  X(session_answer_timed_out, "session.answer_timed_out", rare)                     \
  X(session_closed_by_peer, "session.closed_by_peer", expected)                     \
  X(session_refused_at_login, "session.refused_at_login", rare)                     \
  X(session_unknown_to_gateway, "session.unknown_to_gateway", rare)                 \
  X(session_claim_at_login, "session.claim_at_login", expected)                     \
  X(session_claim_while_ready, "session.claim_while_ready", rare)                   \
  X(session_bad_envelope, "session.bad_envelope", rare)                             \
  X(session_malformed_response, "session.malformed_response", rare)                 \
  X(link_watch_ping, "link_watch.ping", expected)                                   \
  X(link_watch_dead, "link_watch.dead", expected)                                   \
  X(client_retransmission_not_needed, "client.retransmission_not_needed", expected) \
  X(client_window_full, "client.window_full", rare)                                 \
  X(client_queue_full, "client.queue_full", rare)                                   \
  X(client_journal_resumed, "client.journal_resumed", expected)                     \
  X(client_storage_failed, "client.storage_failed", expected)                       \
  X(client_waits_for_topology, "client.waits_for_topology", rare)                   \
  X(client_malformed_fragment, "client.malformed_fragment", rare)                   \
  X(client_lane_cancelled, "client.lane_cancelled", rare)                           \
  X(client_stopped, "client.stopped", rare)                                         \
  X(topology_fetch_failed, "topology.fetch_failed", expected)                       \
  X(topology_given_up, "topology.given_up", rare)                                   \
  X(traffic_slowed_down, "traffic.slowed_down", expected)                           \
  X(traffic_sped_up, "traffic.sped_up", expected)                                   \
  X(traffic_clock_caught_up, "traffic.clock_caught_up", expected)                   \
  X(reply_unknown_sender, "reply.unknown_sender", rare)                             \
  X(reply_retransmitted_on_surb, "reply.retransmitted_on_surb", expected)           \
  X(reply_surbs_requested, "reply.surbs_requested", expected)                       \
  X(reply_surbs_requested_again, "reply.surbs_requested_again", expected)           \
  X(reply_surbs_exhausted, "reply.surbs_exhausted", expected)                       \
  X(reply_surbs_refilled, "reply.surbs_refilled", expected)                         \
  X(reply_surbs_put_back, "reply.surbs_put_back", rare)                             \
  X(reply_given_up, "reply.given_up", rare)                                         \
  X(reply_surb_request_answered, "reply.surb_request_answered", expected)           \
  X(reply_store_surbs_expired, "reply_store.surbs_expired", rare)                   \
  X(reply_store_keys_expired, "reply_store.keys_expired", rare)                     \
  X(reply_store_key_evicted, "reply_store.key_evicted", rare)                       \
  X(reply_store_sender_evicted, "reply_store.sender_evicted", rare)                 \
  X(reply_store_surbs_discarded, "reply_store.surbs_discarded", rare)               \
  X(reassembly_duplicate_fragment, "reassembly.duplicate_fragment", expected)       \
  X(reassembly_late_fragment, "reassembly.late_fragment", expected)                 \
  X(reassembly_expired, "reassembly.expired", rare)                                 \
  X(reassembly_full, "reassembly.full", rare)                                       \
  X(reassembly_linked_sets, "reassembly.linked_sets", rare)                         \
  X(reassembly_circle, "reassembly.circle", rare)                                   \
  X(apps_kept_without_app, "apps.kept_without_app", expected)                       \
  X(apps_kept_handed_over, "apps.kept_handed_over", expected)                       \
  X(apps_backlog_full, "apps.backlog_full", rare)                                   \
  X(apps_too_slow, "apps.too_slow", rare)                                           \
  X(apps_paused, "apps.paused", rare)                                               \
  X(apps_request_refused, "apps.request_refused", rare)                             \
  X(gateway_bad_header, "gateway.bad_header", expected)                             \
  X(gateway_replayed, "gateway.replayed", rare)                                     \
  X(gateway_bad_surb_ack, "gateway.bad_surb_ack", rare)                             \
  X(gateway_unknown_client, "gateway.unknown_client", expected)                     \
  X(gateway_client_envelope_refused, "gateway.client_envelope_refused", rare)       \
  X(gateway_client_without_bandwidth, "gateway.client_without_bandwidth", rare)     \
  X(gateway_keys_not_stored, "gateway.keys_not_stored", rare)                       \
  X(gateway_silent_newcomer_closed, "gateway.silent_newcomer_closed", rare)         \
  X(takeover_asked, "takeover.asked", expected)                                     \
  X(takeover_refused, "takeover.refused", rare)                                     \
  X(takeover_won, "takeover.won", expected)                                         \
  X(inbox_message_stored, "inbox.message_stored", expected)                         \
  X(inbox_ack_stored, "inbox.ack_stored", expected)                                 \
  X(inbox_full, "inbox.full", rare)                                                 \
  X(inbox_store_failed, "inbox.store_failed", expected)                             \
  X(inbox_read_failed, "inbox.read_failed", rare)                                   \
  X(inbox_next_batch, "inbox.next_batch", rare)                                     \
  X(inbox_stored_for_connected, "inbox.stored_for_connected", expected)             \
  X(inbox_unwritten_push_kept, "inbox.unwritten_push_kept", expected)               \
  X(inbox_unconfirmed_push_kept, "inbox.unconfirmed_push_kept", expected)           \
  X(inbox_rows_not_deleted, "inbox.rows_not_deleted", rare)                         \
  X(mix_bad_header, "mix.bad_header", expected)                                     \
  X(mix_replayed, "mix.replayed", rare)                                             \
  X(mix_no_delay, "mix.no_delay", expected)                                         \
  X(mix_delay_too_long, "mix.delay_too_long", rare)                                 \
  X(mix_too_many_held, "mix.too_many_held", rare)                                   \
  X(relay_queue_full, "relay.queue_full", rare)                                     \
  X(relay_frames_lost_with_link, "relay.frames_lost_with_link", expected)           \
  X(relay_dialed_again, "relay.dialed_again", expected)                             \
  X(relay_link_given_up, "relay.link_given_up", rare)                               \
  X(relay_idle_link_forgotten, "relay.idle_link_forgotten", expected)               \
  X(relay_replay_generation_changed, "relay.replay_generation_changed", rare)

enum class Probe : std::uint8_t {
#define NYM_PROBE_ENUMERATOR(enumerator, name, kind) enumerator,
  NYM_PROBES(NYM_PROBE_ENUMERATOR)
#undef NYM_PROBE_ENUMERATOR
      count_  // not a probe
};
inline constexpr std::size_t kProbeCount = static_cast<std::size_t>(Probe::count_);

/// `ack.retransmit.after_timeout`
std::string_view to_string(Probe probe);
std::optional<Probe> probe_from(std::string_view name);
ProbeKind kind_of(Probe probe);

/// Which probes were reached.
class ProbeSet {
 public:
  void add(Probe probe) { bits_.set(static_cast<std::size_t>(probe)); }
  void add(const ProbeSet& others) { bits_ |= others.bits_; }
  bool contains(Probe probe) const { return bits_.test(static_cast<std::size_t>(probe)); }
  std::size_t size() const { return bits_.count(); }
  friend bool operator==(const ProbeSet&, const ProbeSet&) = default;

 private:
  std::bitset<kProbeCount> bits_;
};

namespace detail {
/// Where this thread's probes are noted; none: nowhere. It decides nothing, so that it may outlive a run.
inline constinit thread_local ProbeSet* reached_probes = nullptr;
}  // namespace detail

inline void reach(Probe probe) {
  if (detail::reached_probes != nullptr) [[unlikely]] {
    detail::reached_probes->add(probe);
  }
}

/// Notes the probes that this thread reaches while it lives.
class ProbeScope {
 public:
  explicit ProbeScope(ProbeSet& reached) : before_(detail::reached_probes) { detail::reached_probes = &reached; }
  ~ProbeScope() { detail::reached_probes = before_; }
  ProbeScope(const ProbeScope&) = delete;
  ProbeScope& operator=(const ProbeScope&) = delete;

 private:
  ProbeSet* before_;
};

}  // namespace nym
