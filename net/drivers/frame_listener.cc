#include "net/drivers/frame_listener.h"

#include <algorithm>
#include <utility>

#include "net/clock.h"

namespace nym::net {

Result<std::unique_ptr<FrameListener>> FrameListener::listen(Runtime& runtime, const Endpoint& where,
                                                             const sphinx::Suite& suite,
                                                             const crypto::X25519KeyPair& node_key, OnFrames on_frames,
                                                             OnRefused on_refused) {
  std::unique_ptr<FrameListener> made(
      new FrameListener(runtime, suite, node_key, std::move(on_frames), std::move(on_refused)));
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
                             OnFrames on_frames, OnRefused on_refused)
    : runtime_(runtime),
      suite_(suite),
      node_key_(node_key),
      on_frames_(std::move(on_frames)),
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
  auto before = arrived_.size();
  bool broken = false;
  for (;;) {
    auto frame = incoming.decoder.next();
    broken = !frame.has_value();
    if (broken || !*frame) break;
    arrived_.push_back(std::move(**frame));
  }
  if (incoming.decoder.at_frame_boundary()) {
    incoming.waiting_since.reset();
  } else if (arrived_.size() > before || !incoming.waiting_since) {
    incoming.waiting_since = now();
  }
  if (broken || arrived_.size() >= limits::kFramesTogether) {
    hand_over();
  } else {
    hand_over_soon();
  }
  if (!broken) return;
  incoming_.erase(id);
  on_refused_(DropReason::malformed_frame);
}

// Behind the other sockets that have something to read already; it is no wait for more.
void FrameListener::hand_over_soon() {
  if (arrived_.empty() || std::exchange(is_handing_over_soon_, true)) return;
  runtime_.post([this, alive = std::weak_ptr<bool>(alive_)] {
    if (alive.expired()) return;
    is_handing_over_soon_ = false;
    hand_over();
  });
}

void FrameListener::hand_over() {
  std::span<wire::MixFrame> left(arrived_);
  while (!left.empty()) {
    auto together = left.first(std::min(left.size(), limits::kFramesTogether));
    left = left.subspan(together.size());
    for (auto& frame : together) packets_.push_back(std::move(frame.packet));
    suite_.prepare_peel(packets_, node_key_);
    // What was prepared is found in these blobs, and in copies that were made after it.
    for (std::size_t i = 0; i < together.size(); ++i) together[i].packet = std::move(packets_[i]);
    packets_.clear();
    for (const auto& frame : together) {
      if (watcher_) watcher_(frame);
    }
    on_frames_(together);
  }
  arrived_.clear();
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
