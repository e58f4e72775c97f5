#include "sim/adversary/replaying_nodes.h"

#include "sim/adversary/figures.h"

namespace nym::sim {

Interception ReplayingAttacker::intercept(TimePoint now, const FrameSent& frame) {
  if (frame.kind != FrameKind::packet || !goes_for(now, frame)) return {};
  ++replayed_;
  const auto* origin = origins_.find(frame.peeled_from);
  bool is_message = origin != nullptr && origin->content == client::PacketKind::real;
  if (is_message && copied_.find(origin->upload) == nullptr) {
    copied_.put(origin->upload, Times::copied);
    ++linked_.of;
  }
  return {.copies = {after_}};
}

void ReplayingAttacker::on_frame_sent(TimePoint now, const FrameSent& frame) {
  const auto* origin = origins_.on_frame_sent(now, frame);
  auto* times = origin == nullptr || !is_data_push(frame) ? nullptr : copied_.find(origin->upload);
  if (times == nullptr || *times == Times::came_twice) return;
  *times = *times == Times::copied ? Times::came_once : Times::came_twice;
  if (*times == Times::came_twice) ++linked_.done;
}

void ReplayingAttacker::on_mixnode_event(TimePoint now, std::uint32_t, const mixnode::Event& event) {
  const auto* dropped = std::get_if<mixnode::PacketDropped>(&event);
  if (dropped != nullptr && dropped->reason == DropReason::replayed && is_active(now)) ++refused_;
}

void ReplayingAttacker::on_gateway_event(TimePoint now, std::uint32_t, const gateway::Event& event) {
  const auto* dropped = std::get_if<gateway::Dropped>(&event);
  if (dropped != nullptr && dropped->reason == DropReason::replayed && is_active(now)) ++refused_;
}

void ReplayingAttacker::add_to(Measurements& measurements) const {
  add_count(measurements, Metric::drops, "replayed", *this, replayed_);
  add_count(measurements, Metric::drops, "replays_refused", *this, refused_);
}

}  // namespace nym::sim
