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
      links_(config_.links, *random_, *this),
      holding_(make_holding(config_.strategy, random_->fork("holding"))) {
  if (config_.loops) loops_.emplace(*std::exchange(config_.loops, {}), config_.sphinx_key.public_key, suite_, *random_);
}

void Mixnode::start(TimePoint now) {
  now = outbox_.begin_mutation(now);
  if (loops_) loops_->start(now);
}

void Mixnode::handle_input(TimePoint now, Input&& input) {
  now = outbox_.begin_mutation(now);
  std::visit(Overloaded{
                 [&](relay::HopsKnown& hops) { links_.know(std::move(hops.addresses)); },
                 [&](relay::LinkOpened& opened) { links_.on_opened(opened.connection); },
                 [&](relay::LinkWritten& written) { links_.on_written(written.connection, written.frames); },
                 [&](relay::LinkClosed& closed) { links_.on_closed(now, closed.connection); },
                 [&](relay::FrameReceived& received) { on_frame(now, received.frame); },
             },
             input);
}

void Mixnode::handle_timeout(TimePoint now) {
  now = outbox_.begin_mutation(now);
  release(now);
  run_loops(now);
  links_.on_timeout(now);
}

std::optional<TimePoint> Mixnode::poll_timeout() const {
  outbox_.check_drained();
  auto deadline = links_.next_deadline();
  auto not_after = [&](std::optional<TimePoint> other) {
    if (other && (!deadline || *other < *deadline)) deadline = other;
  };
  not_after(holding_->next_deadline());
  if (loops_) not_after(loops_->next_deadline());
  return deadline;
}

void Mixnode::on_frame(TimePoint now, const wire::MixFrame& frame) {
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
  if (const auto* last = std::get_if<sphinx::FinalPacket>(&peeled->hop)) return on_final_hop(now, *last);
  hold(now, std::get<sphinx::ForwardPacket>(peeled->hop), frame);
}

void Mixnode::on_final_hop(TimePoint now, const sphinx::FinalPacket& packet) {
  auto round_trip = loops_ ? loops_->take_back(now, packet.destination) : std::nullopt;
  if (!round_trip) return dropped(DropReason::final_hop_at_mixnode, 1);
  outbox_.push(Event(LoopReturned{*round_trip}));
}

void Mixnode::hold(TimePoint now, sphinx::ForwardPacket& packet, const wire::MixFrame& frame) {
  auto next_hop = wire::decode_address(packet.next.bytes);
  if (!next_hop) return dropped(DropReason::bad_next_hop, 1);
  if (packet.delay.ns > static_cast<std::uint64_t>(limits::kMaxHopDelay.ns())) {
    reach(Probe::mix_delay_too_long);
    return dropped(DropReason::delay_too_long, 1);
  }
  auto delay = Duration::nanoseconds(static_cast<std::int64_t>(packet.delay.ns));
  HeldPacket held{now, next_hop->endpoint, {frame.size, frame.type, std::move(packet.packet)}};
  if (!holding_->keeps(delay)) {
    reach(Probe::mix_no_delay);
    return forward(now, held);
  }
  if (held_bytes_ + held.frame.packet.size() > limits::kHeldBytes) {
    reach(Probe::mix_too_many_held);
    return dropped(DropReason::too_many_held, 1);
  }
  held_bytes_ += held.frame.packet.size();
  holding_->add(delay, std::move(held));
  if (holding_->is_full()) release(now);
}

void Mixnode::release(TimePoint now) {
  for (auto& packet : holding_->take(now)) {
    held_bytes_ -= packet.frame.packet.size();
    forward(now, packet);
  }
}

void Mixnode::forward(TimePoint now, HeldPacket& packet) {
  outbox_.push(Event(PacketForwarded{packet.frame.size, now - packet.arrived}));
  links_.send(now, packet.next_hop, std::move(packet.frame));
}

void Mixnode::run_loops(TimePoint now) {
  if (!loops_) return;
  for (auto lost = loops_->take_lost(now); lost > 0; --lost) outbox_.push(Event(LoopLost{}));
  while (auto loop = loops_->next(now)) {
    outbox_.push(Event(LoopSent{}));
    links_.send(now, loop->first_hop, std::move(loop->frame));
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
