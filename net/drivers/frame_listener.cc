#include "net/drivers/frame_listener.h"

namespace nym::net {

Result<std::unique_ptr<FrameListener>> FrameListener::listen(Runtime& runtime, const Endpoint& where,
                                                             const sphinx::Suite& suite,
                                                             const crypto::X25519KeyPair& node_key, OnFrame on_frame) {
  std::unique_ptr<FrameListener> made(new FrameListener(runtime, suite, node_key, std::move(on_frame)));
  auto* self = made.get();
  NYM_TRY(made->listener_, TcpListener::listen(runtime, where, [self](std::unique_ptr<TcpLink> tcp, const Endpoint&) {
            self->on_accept(std::move(tcp));
          }));
  return made;
}

void FrameListener::on_accept(std::unique_ptr<TcpLink> tcp) {
  auto id = next_id_++;
  auto& incoming = incoming_[id];
  incoming.tcp = std::move(tcp);
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
  for (auto& [id, incoming] : incoming_) incoming.tcp->resume_reading();
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
  suite_.prepare_peel(packets, node_key_);
  for (const auto& frame : frames) {
    if (watcher_) watcher_(frame);
  }
  for (auto& frame : frames) on_frame_(std::move(frame));
  if (broken) incoming_.erase(id);
}

}  // namespace nym::net
