#include "sim/anonymity/origins.h"

namespace nym::sim {

const Origin* Origins::on_frame_sent(TimePoint now, const FrameSent& frame) {
  auto origin = origin_of(now, frame);
  if (!origin) return nullptr;
  frames_.put(frame.id, {*origin, frame.kind});
  return find(frame.id);
}

const Origin* Origins::find(FrameId id) const {
  const auto* known = frames_.find(id);
  return known == nullptr ? nullptr : &known->origin;
}

std::optional<Origin> Origins::origin_of(TimePoint now, const FrameSent& frame) const {
  if (frame.kind == FrameKind::upload && frame.content) {
    return Origin{frame.id, frame.from.index, *frame.content, 0, 0};
  }
  const auto* before = frames_.find(frame.peeled_from);
  if (before == nullptr) return std::nullopt;
  auto origin = before->origin;
  bool is_acknowledgement =
      frame.kind == FrameKind::packet && frame.from.kind == NodeKind::gateway && before->kind == FrameKind::packet;
  if (is_acknowledgement) return std::nullopt;
  if (frame.kind == FrameKind::packet && frame.from.kind == NodeKind::mixnode) {
    ++origin.mixnodes;
    if (corrupt_.contains(frame.from.index, now)) ++origin.corrupt;
  }
  return origin;
}

}  // namespace nym::sim
