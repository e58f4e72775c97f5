#include "net/drivers/frame_listener.h"

#include "net/clock.h"

namespace nym::net {

Result<std::unique_ptr<FrameListener>> FrameListener::listen(Runtime& runtime, const Endpoint& where,
                                                             const sphinx::Suite& suite,
                                                             const crypto::X25519KeyPair& node_key, OnFrame on_frame,
                                                             OnRefused on_refused) {
  std::unique_ptr<FrameListener> made(
      new FrameListener(runtime, suite, node_key, std::move(on_frame), std::move(on_refused)));
  auto* self = made.get();
  TcpListenerOptions options{.on_refused = [self] { self->on_refused_(DropReason::too_many_connections); }};
  NYM_TRY(
      made->listener_,
      TcpListener::listen(
          runtime, where, [self](std::unique_ptr<TcpLink> tcp, const Endpoint&) { self->on_accept(std::move(tcp)); },
          std::move(options)));
  return made;
}

FrameListener::FrameListener(Runtime& runtime, const sphinx::Suite& suite, const crypto::X25519KeyPair& node_key,
                             OnFrame on_frame, OnRefused on_refused)
    : suite_(suite),
      node_key_(node_key),
      on_frame_(std::move(on_frame)),
      on_refused_(std::move(on_refused)),
      look_timer_(runtime, [this] { close_late_ones(); }) {}

void FrameListener::on_accept(std::unique_ptr<TcpLink> tcp) {
  auto id = next_id_++;
  auto& incoming = incoming_[id];
  incoming.tcp = std::move(tcp);
  incoming.waiting_since = now();
  if (incoming_.size() == 1) look_timer_.arm_after(limits::kLookAtFrames);
  if (is_paused_) incoming.tcp->pause_reading();
  incoming.tcp->start({[] {}, [this, id](ByteView data) { on_data(id, data); }, [](std::size_t) {},
                       [this, id](CloseReason, std::string_view) { incoming_.erase(id); }});
}

void FrameListener::pause() {
  is_paused_ = true;
  for (auto& [id, incoming] : incoming_) incoming.tcp->pause_reading();
}

void FrameListener::resume() {
  is_paused_ = false;
  for (auto& [id, incoming] : incoming_) {
    if (incoming.waiting_since) incoming.waiting_since = now();
    incoming.tcp->resume_reading();
  }
}

void FrameListener::on_data(std::uint64_t id, ByteView data) {
  auto& incoming = incoming_.at(id);
  incoming.decoder.feed(data);
  std::vector<wire::MixFrame> frames;
  std::vector<Blob> packets;
  bool broken = false;
  for (;;) {
    auto frame = incoming.decoder.next();
    broken = !frame.has_value();
    if (broken || !*frame) break;
    packets.push_back((*frame)->packet);
    frames.push_back(std::move(**frame));
  }
  if (incoming.decoder.at_frame_boundary()) {
    incoming.waiting_since.reset();
  } else if (!frames.empty() || !incoming.waiting_since) {
    incoming.waiting_since = now();
  }
  suite_.prepare_peel(packets, node_key_);
  for (const auto& frame : frames) {
    if (watcher_) watcher_(frame);
  }
  for (auto& frame : frames) on_frame_(std::move(frame));
  if (!broken) return;
  incoming_.erase(id);
  on_refused_(DropReason::malformed_frame);
}

void FrameListener::close_late_ones() {
  std::size_t late = 0;
  if (!is_paused_) {
    late = std::erase_if(incoming_, [latest = now() - limits::kFrameTimeout](const auto& entry) {
      return entry.second.waiting_since && *entry.second.waiting_since <= latest;
    });
  }
  if (!incoming_.empty()) look_timer_.arm_after(limits::kLookAtFrames);
  for (; late > 0; --late) on_refused_(DropReason::slow_frame);
}

}  // namespace nym::net
