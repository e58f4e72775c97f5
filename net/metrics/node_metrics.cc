#include "net/metrics/node_metrics.h"

#include "engine/base/overloaded.h"

namespace nym::net {
namespace {

constexpr auto kLastReason = static_cast<DropReason>(static_cast<std::size_t>(DropReason::count_) - 1);

/// Seconds: what senders draw with a mean of 50 ms, and far more.
std::vector<double> hold_bounds() {
  return {0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1, 5};
}

void show(prometheus::Gauge& gauge, std::size_t value) {
  gauge.Set(static_cast<double>(value));
}

double in_seconds(Duration time) {
  return static_cast<double>(time.ns()) * 1e-9;
}

}  // namespace

struct MixnodeMetrics::Parts {
  explicit Parts(MetricSet& metrics)
      : received(metrics.counter("nym_mixnode_packets_received_total", "Packets that came in.")),
        forwarded(metrics.counter("nym_mixnode_packets_forwarded_total", "Packets sent on to the next hop.")),
        drops(metrics.counters("nym_mixnode_dropped_total", "What went no further, by reason.", "reason", kLastReason)),
        held_for(metrics.histogram("nym_mixnode_hold_seconds", "How long packets were kept back.", hold_bounds())),
        held(metrics.gauge("nym_mixnode_held_packets", "Packets that wait out their delay.")),
        queued(metrics.gauge("nym_mixnode_queued_frames", "Packets that wait for a connection to their next hop.")),
        links(metrics.gauge("nym_mixnode_open_links", "Connections to next hops.")),
        up(metrics.gauge("nym_mixnode_up", "1 while the node can do its work.")) {}

  prometheus::Counter& received;
  prometheus::Counter& forwarded;
  ByKind<DropReason, prometheus::Counter> drops;
  prometheus::Histogram& held_for;
  prometheus::Gauge& held;
  prometheus::Gauge& queued;
  prometheus::Gauge& links;
  prometheus::Gauge& up;
};

MixnodeMetrics::MixnodeMetrics(prometheus::Labels labels)
    : RoleMetrics(std::move(labels)), parts_(std::make_unique<Parts>(metrics())) {}
MixnodeMetrics::~MixnodeMetrics() = default;

void MixnodeMetrics::observe(const mixnode::Event& event) {
  std::visit(Overloaded{
                 [&](const mixnode::PacketReceived&) { parts_->received.Increment(); },
                 [&](const mixnode::PacketForwarded& forwarded) {
                   parts_->forwarded.Increment();
                   parts_->held_for.Observe(in_seconds(forwarded.held));
                 },
                 [&](const mixnode::PacketDropped& dropped) { parts_->drops[dropped.reason].Increment(); },
                 [](const auto&) {},  // mixnodes of a private network send no loops
             },
             event);
}

void MixnodeMetrics::refresh() {
  auto figures = read_ ? read_() : std::nullopt;
  show(parts_->up, figures ? 1 : 0);
  auto now = figures.value_or(MixnodeFigures{});
  show(parts_->held, now.held_packets);
  show(parts_->queued, now.queued_frames);
  show(parts_->links, now.open_links);
}

std::string MixnodeMetrics::why_not_ready() const {
  return read_ && read_() ? "" : "the mixnode is not running";
}

struct GatewayMetrics::Parts {
  explicit Parts(MetricSet& metrics)
      : accepted(metrics.counter("nym_gateway_packets_accepted_total", "Packets of clients sent on to the mixnet.")),
        pushed(metrics.counter("nym_gateway_messages_pushed_total", "Messages handed to a client that is there.")),
        pushed_bytes(metrics.counter("nym_gateway_pushed_bytes_total", "Their content.")),
        stored(metrics.counter("nym_gateway_messages_stored_total", "Messages kept for a client that is absent.")),
        stored_bytes(metrics.counter("nym_gateway_stored_bytes_total", "Their content.")),
        acks(metrics.counter("nym_gateway_acks_sent_total", "Acknowledgements sent on to the mixnet.")),
        registered(metrics.counter("nym_gateway_clients_registered_total", "Registrations.")),
        authenticated(metrics.counter("nym_gateway_clients_authenticated_total", "Logins.")),
        ended(metrics.counter("nym_gateway_sessions_ended_total", "Sessions that ended.")),
        drops(metrics.counters("nym_gateway_dropped_total", "What went no further, by reason.", "reason", kLastReason)),
        connected(metrics.gauge("nym_gateway_connected_clients", "Clients that are logged in.")),
        sockets(metrics.gauge("nym_gateway_client_sockets", "Websockets, logged in or not.")),
        queued(metrics.gauge("nym_gateway_queued_frames", "Packets that wait for a connection to a mixnode.")),
        links(metrics.gauge("nym_gateway_open_links", "Connections to mixnodes.")),
        inbox(metrics.gauge("nym_gateway_inbox_bytes", "What is kept on disk for absent clients.")),
        up(metrics.gauge("nym_gateway_up", "1 while the node can do its work.")) {}

  prometheus::Counter& accepted;
  prometheus::Counter& pushed;
  prometheus::Counter& pushed_bytes;
  prometheus::Counter& stored;
  prometheus::Counter& stored_bytes;
  prometheus::Counter& acks;
  prometheus::Counter& registered;
  prometheus::Counter& authenticated;
  prometheus::Counter& ended;
  ByKind<DropReason, prometheus::Counter> drops;
  prometheus::Gauge& connected;
  prometheus::Gauge& sockets;
  prometheus::Gauge& queued;
  prometheus::Gauge& links;
  prometheus::Gauge& inbox;
  prometheus::Gauge& up;
};

GatewayMetrics::GatewayMetrics(prometheus::Labels labels)
    : RoleMetrics(std::move(labels)), parts_(std::make_unique<Parts>(metrics())) {}
GatewayMetrics::~GatewayMetrics() = default;

void GatewayMetrics::observe(const gateway::Event& event) {
  auto& count = *parts_;
  std::visit(Overloaded{
                 [&](const gateway::ClientRegistered&) { count.registered.Increment(); },
                 [&](const gateway::ClientAuthenticated&) { count.authenticated.Increment(); },
                 [&](const gateway::SessionEnded&) { count.ended.Increment(); },
                 [&](const gateway::PacketAccepted&) { count.accepted.Increment(); },
                 [&](const gateway::MessagePushed& pushed) {
                   count.pushed.Increment();
                   count.pushed_bytes.Increment(static_cast<double>(pushed.bytes));
                 },
                 [&](const gateway::MessageStored& stored) {
                   count.stored.Increment();
                   count.stored_bytes.Increment(static_cast<double>(stored.bytes));
                 },
                 [&](const gateway::AckSent&) { count.acks.Increment(); },
                 [&](const gateway::Dropped& dropped) { count.drops[dropped.reason].Increment(); },
             },
             event);
}

void GatewayMetrics::refresh() {
  auto figures = read_ ? read_() : std::nullopt;
  show(parts_->up, figures ? 1 : 0);
  auto now = figures.value_or(GatewayFigures{});
  show(parts_->connected, now.connected_clients);
  show(parts_->sockets, now.client_sockets);
  show(parts_->queued, now.queued_frames);
  show(parts_->links, now.open_links);
  show(parts_->inbox, now.inbox_bytes);
}

std::string GatewayMetrics::why_not_ready() const {
  return read_ && read_() ? "" : "the gateway is not running";
}

}  // namespace nym::net
