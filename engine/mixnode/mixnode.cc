#include "engine/mixnode/mixnode.h"

#include "engine/base/overloaded.h"
#include "engine/base/probe.h"
#include "engine/relay/peel_drop.h"
#include "engine/wire/routing_address.h"

namespace nym::mixnode {

Mixnode::Mixnode(Config config, const sphinx::Suite& suite, RandomSource& random)
    : config_(std::move(config)),
      suite_(suite),
      random_(random.fork("mixnode")),
      replays_(config_.replay),
      links_(config_.links, *random_, *this) {}

void Mixnode::handle_input(TimePoint now, Input input) {
  now = outbox_.begin_mutation(now);
  std::visit(Overloaded{
                 [&](relay::LinkOpened& opened) { links_.on_opened(opened.connection); },
                 [&](relay::LinkWritten& written) { links_.on_written(written.connection, written.frames); },
                 [&](relay::LinkClosed& closed) { links_.on_closed(now, closed.connection); },
                 [&](relay::FrameReceived& received) { on_frame(now, std::move(received.frame)); },
             },
             input);
}

void Mixnode::handle_timeout(TimePoint now) {
  now = outbox_.begin_mutation(now);
  release_due(now);
  links_.on_timeout(now);
}

std::optional<TimePoint> Mixnode::poll_timeout() const {
  outbox_.check_drained();
  auto deadline = links_.next_deadline();
  if (!held_.empty() && (!deadline || held_.top().release < *deadline)) deadline = held_.top().release;
  return deadline;
}

void Mixnode::on_frame(TimePoint now, wire::MixFrame frame) {
  outbox_.push(Event(PacketReceived{frame.size}));
  if (frame.type != wire::PacketType::mix || wire::is_outfox(frame.size)) {
    return dropped(DropReason::unsupported_packet_type, 1);
  }
  auto peeled = suite_.peel(frame.packet, config_.sphinx_key);
  if (!peeled) reach(Probe::mix_bad_header);
  if (!peeled) return dropped(relay::drop_reason_of(peeled.error()), 1);
  if (replays_.check_and_remember(peeled->tag) == relay::ReplayFilter::Verdict::replayed) {
    reach(Probe::mix_replayed);
    return dropped(DropReason::replayed, 1);
  }
  const auto* forward = std::get_if<sphinx::ForwardPacket>(&peeled->hop);
  if (forward == nullptr) return dropped(DropReason::final_hop_at_mixnode, 1);
  hold(now, *forward, frame);
}

void Mixnode::hold(TimePoint now, const sphinx::ForwardPacket& packet, const wire::MixFrame& frame) {
  auto next_hop = wire::decode_address(packet.next.bytes);
  if (!next_hop) return dropped(DropReason::bad_next_hop, 1);
  if (packet.delay.ns > static_cast<std::uint64_t>(limits::kMaxHopDelay.ns())) {
    reach(Probe::mix_delay_too_long);
    return dropped(DropReason::delay_too_long, 1);
  }
  wire::MixFrame onward{frame.size, frame.type, packet.packet};
  if (packet.delay.ns == 0) {
    reach(Probe::mix_no_delay);
    outbox_.push(Event(PacketForwarded{frame.size, Duration()}));
    return links_.send(now, next_hop->endpoint, std::move(onward));
  }
  if (held_bytes_ + onward.packet.size() > limits::kHeldBytes) {
    reach(Probe::mix_too_many_held);
    return dropped(DropReason::too_many_held, 1);
  }
  held_bytes_ += onward.packet.size();
  auto release = now + Duration::nanoseconds(static_cast<std::int64_t>(packet.delay.ns));
  held_.push({release, sequence_++, now, next_hop->endpoint, std::move(onward)});
}

void Mixnode::release_due(TimePoint now) {
  while (!held_.empty() && held_.top().release <= now) {
    Held due = held_.top();
    held_.pop();
    held_bytes_ -= due.frame.packet.size();
    outbox_.push(Event(PacketForwarded{due.frame.size, now - due.arrived}));
    links_.send(now, due.next_hop, std::move(due.frame));
  }
}

void Mixnode::dial(ConnectionId connection, const Endpoint& address) {
  outbox_.push(relay::DialLink{connection, address});
}
void Mixnode::send(ConnectionId connection, wire::MixFrame frame) {
  outbox_.push(relay::SendFrame{connection, std::move(frame)});
}
void Mixnode::dropped(DropReason reason, std::size_t frames) {
  for (std::size_t i = 0; i < frames; ++i) outbox_.push(Event(PacketDropped{reason}));
}

}  // namespace nym::mixnode
