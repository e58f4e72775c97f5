#include "net/metrics/client_metrics.h"

#include <fmt/format.h>

#include "engine/base/overloaded.h"

namespace nym::net {
namespace {

constexpr double kNanosecond = 1e-9;

/// Seconds: from one mix hop at high speed to a retransmission's wait.
std::vector<double> round_trip_bounds() {
  return {0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1, 1.5, 2, 3, 5, 10, 30, 60};
}

void add(prometheus::Counter& counter, std::size_t count) {
  counter.Increment(static_cast<double>(count));
}

void set(prometheus::Gauge& gauge, std::size_t value) {
  gauge.Set(static_cast<double>(value));
}

}  // namespace

std::string_view to_string(ClientMetrics::QueuedLane lane) {
  constexpr std::array<std::string_view, 5> kNames = {"general", "surb_requests", "additional_surbs", "retransmissions",
                                                      "apps"};
  return kNames[static_cast<std::size_t>(lane)];
}

struct ClientMetrics::Counters {
  explicit Counters(MetricSet& metrics)
      : packets(metrics.counters("nym_client_packets_sent_total", "Packets handed to the gateway.", "kind",
                                 client::PacketKind::loop_cover)),
        outcomes(metrics.counters("nym_client_messages_ended_total", "Messages of applications, by how they ended.",
                                  "outcome", client::Outcome::cancelled)),
        drops(metrics.counters("nym_client_dropped_total", "What went no further, by reason.", "reason",
                               static_cast<DropReason>(static_cast<std::size_t>(DropReason::count_) - 1))),
        accepted(metrics.counter("nym_client_messages_accepted_total", "Messages taken from applications.")),
        accepted_bytes(metrics.counter("nym_client_accepted_bytes_total", "Their content.")),
        received(metrics.counter("nym_client_messages_received_total", "Messages received for applications.")),
        received_bytes(metrics.counter("nym_client_received_bytes_total", "Their content.")),
        given_up(
            metrics.counter("nym_client_receptions_given_up_total", "Incoming messages of which only a part came.")),
        surbs_created(metrics.counter("nym_client_surbs_created_total", "Reply blocks made and given to others.")),
        surbs_received(metrics.counter("nym_client_surbs_received_total", "Reply blocks received and kept.")),
        surbs_used(metrics.counter("nym_client_surbs_used_total", "Reply blocks used up.")),
        surbs_requested(metrics.counter("nym_client_surbs_requested_total", "Reply blocks asked for.")),
        reconnections(
            metrics.counter("nym_client_gateway_reconnections_total", "Sessions with the gateway after the first.")),
        failed_connections(metrics.counter("nym_client_gateway_connections_lost_total",
                                           "Connections to the gateway that failed or ended.")),
        topology_fetches(
            metrics.counter("nym_client_topology_fetches_total", "Answers of the directory, of any sort.")),
        round_trip(metrics.histogram("nym_client_round_trip_seconds",
                                     "From a fragment's last sending to its acknowledgement.", round_trip_bounds())) {}

  ByKind<client::PacketKind, prometheus::Counter> packets;
  ByKind<client::Outcome, prometheus::Counter> outcomes;
  ByKind<DropReason, prometheus::Counter> drops;
  prometheus::Counter& accepted;
  prometheus::Counter& accepted_bytes;
  prometheus::Counter& received;
  prometheus::Counter& received_bytes;
  prometheus::Counter& given_up;
  prometheus::Counter& surbs_created;
  prometheus::Counter& surbs_received;
  prometheus::Counter& surbs_used;
  prometheus::Counter& surbs_requested;
  prometheus::Counter& reconnections;
  prometheus::Counter& failed_connections;
  prometheus::Counter& topology_fetches;
  prometheus::Histogram& round_trip;
};

struct ClientMetrics::Gauges {
  explicit Gauges(MetricSet& metrics)
      : queued(metrics.gauges("nym_client_queued_fragments", "Fragments that wait for a slot of the main stream.",
                              "lane", QueuedLane::apps)),
        gateway(metrics.gauges("nym_client_gateway_state", "1 for the state that the gateway session is in.", "state",
                               client::GatewayState::waiting)),
        waiting_for_surbs(metrics.gauge("nym_client_waiting_for_surbs_fragments",
                                        "Fragments of replies that wait for reply blocks.")),
        awaiting_acks(metrics.gauge("nym_client_unacknowledged_fragments", "Fragments sent and not acknowledged.")),
        gateway_frames(metrics.gauge("nym_client_gateway_frames_in_flight",
                                     "Packets handed to the gateway's socket and not written yet.")),
        open_messages(metrics.gauge("nym_client_open_messages", "Messages in flight: accepted, without an outcome.")),
        surbs(metrics.gauge("nym_client_surbs", "Reply blocks in stock, of all senders.")),
        surb_senders(metrics.gauge("nym_client_surb_senders", "Anonymous senders that can be answered.")),
        reply_keys(metrics.gauge("nym_client_reply_keys", "Keys of reply blocks that we gave out.")),
        reassembly_sets(metrics.gauge("nym_client_reassembly_sets", "Incomplete sets of incoming messages.")),
        reassembly_bytes(metrics.gauge("nym_client_reassembly_bytes", "What they hold.")),
        apps(metrics.gauge("nym_client_apps", "Applications connected.")),
        backlog_messages(metrics.gauge("nym_client_backlog_messages", "Messages that wait for an application.")),
        backlog_bytes(metrics.gauge("nym_client_backlog_bytes", "Their content.")),
        topology_usable(metrics.gauge("nym_client_topology_usable", "1 while packets can be routed.")),
        ready(metrics.gauge("nym_client_ready", "1 while messages can be sent and received, as /readyz.")) {}

  ByKind<QueuedLane, prometheus::Gauge> queued;
  ByKind<client::GatewayState, prometheus::Gauge> gateway;
  prometheus::Gauge& waiting_for_surbs;
  prometheus::Gauge& awaiting_acks;
  prometheus::Gauge& gateway_frames;
  prometheus::Gauge& open_messages;
  prometheus::Gauge& surbs;
  prometheus::Gauge& surb_senders;
  prometheus::Gauge& reply_keys;
  prometheus::Gauge& reassembly_sets;
  prometheus::Gauge& reassembly_bytes;
  prometheus::Gauge& apps;
  prometheus::Gauge& backlog_messages;
  prometheus::Gauge& backlog_bytes;
  prometheus::Gauge& topology_usable;
  prometheus::Gauge& ready;
};

ClientMetrics::ClientMetrics()
    : counters_(std::make_unique<Counters>(metrics())), gauges_(std::make_unique<Gauges>(metrics())) {}
ClientMetrics::~ClientMetrics() = default;

void ClientMetrics::observe(const client::Event& event) {
  auto& count = *counters_;
  std::visit(Overloaded{
                 [&](const client::GatewayStateChanged& changed) { on_gateway_state(changed.state); },
                 [&](const client::TopologyChanged&) { count.topology_fetches.Increment(); },
                 [](const client::MessageOpened&) {},
                 [&](const client::MessageAccepted& accepted) {
                   count.accepted.Increment();
                   add(count.accepted_bytes, accepted.bytes);
                 },
                 [&](const client::MessageEnded& ended) { count.outcomes[ended.outcome].Increment(); },
                 [&](const client::PacketSent& sent) { count.packets[sent.kind].Increment(); },
                 [&](const client::AckReceived& ack) {
                   count.round_trip.Observe(static_cast<double>(ack.round_trip.ns()) * kNanosecond);
                 },
                 [&](const client::MessageReceived& received) {
                   count.received.Increment();
                   add(count.received_bytes, received.bytes);
                 },
                 [&](const client::SurbsCreated& created) { add(count.surbs_created, created.count); },
                 [&](const client::SurbsReceived& received) { add(count.surbs_received, received.count); },
                 [&](const client::SurbsUsed& used) { add(count.surbs_used, used.count); },
                 [&](const client::SurbsRequested& requested) { add(count.surbs_requested, requested.count); },
                 [&](const client::ReceptionGivenUp&) { count.given_up.Increment(); },
                 [&](const client::Dropped& dropped) { count.drops[dropped.reason].Increment(); },
             },
             event);
}

void ClientMetrics::on_gateway_state(client::GatewayState state) {
  if (state == client::GatewayState::waiting) counters_->failed_connections.Increment();
  if (state != client::GatewayState::ready) return;
  if (std::exchange(was_connected_, true)) counters_->reconnections.Increment();
}

void ClientMetrics::refresh() {
  if (!read_status_) return;
  auto status = read_status_();
  auto& show = *gauges_;
  set(show.queued[QueuedLane::general], status.queued.general);
  set(show.queued[QueuedLane::surb_requests], status.queued.surb_requests);
  set(show.queued[QueuedLane::additional_surbs], status.queued.additional_surbs);
  set(show.queued[QueuedLane::retransmissions], status.queued.retransmissions);
  set(show.queued[QueuedLane::apps], status.queued.apps);
  for (std::size_t i = 0; i <= static_cast<std::size_t>(client::GatewayState::waiting); ++i) {
    auto state = static_cast<client::GatewayState>(i);
    show.gateway[state].Set(status.gateway == state ? 1 : 0);
  }
  set(show.waiting_for_surbs, status.waiting_for_surbs);
  set(show.awaiting_acks, status.awaiting_acks);
  set(show.gateway_frames, status.gateway_frames);
  set(show.open_messages, status.open_messages);
  set(show.surbs, status.surbs);
  set(show.surb_senders, status.surb_senders);
  set(show.reply_keys, status.reply_keys);
  set(show.reassembly_sets, status.reassembly_sets);
  set(show.reassembly_bytes, status.reassembly_bytes);
  set(show.apps, status.apps);
  set(show.backlog_messages, status.backlog_messages);
  set(show.backlog_bytes, status.backlog_bytes);
  show.topology_usable.Set(status.topology_usable ? 1 : 0);
  show.ready.Set(status.ready() ? 1 : 0);
}

std::string ClientMetrics::why_not_ready() const {
  if (!read_status_) return "the client is starting";
  auto status = read_status_();
  if (status.stopping) return "the client is being stopped";
  if (!status.topology_usable) return "the network's topology is not usable";
  if (status.gateway == client::GatewayState::ready) return {};
  return fmt::format("the gateway session is {}", client::to_string(status.gateway));
}

}  // namespace nym::net
