#include "sim/adversary/tagging.h"

#include "engine/sphinx/constants.h"
#include "sim/adversary/figures.h"

namespace nym::sim {
namespace {

/// Room before a packet on its link for the header of its frame.
constexpr std::uint64_t kFrameHeader = 3;

/// A bit of the payload, wherever the packet begins in its frame.
std::uint32_t draw_payload_bit(RandomSource& random, std::uint32_t frame_bytes) {
  std::uint64_t first = sphinx::kHeader + kFrameHeader;
  std::uint64_t last = frame_bytes - kFrameHeader;
  return static_cast<std::uint32_t>(8 * first + draw_below(random, 8 * (last - first)));
}

}  // namespace

Interception TaggingAttacker::intercept(TimePoint now, const FrameSent& frame) {
  bool can_be_tagged = frame.kind == FrameKind::packet && frame.from.kind == NodeKind::mixnode &&
                       !under_way_.contains(frame.peeled_from) && under_way_.size() < kTagsUnderWay;
  if (!can_be_tagged || !goes_for(now, frame)) return {};
  ++tagged_;
  const auto* origin = origins_.find(frame.peeled_from);
  bool is_message = origin != nullptr && origin->content == client::PacketKind::real;
  under_way_[frame.id] = {is_message && origin->mixnodes == 0};
  return {.flip_bit = draw_payload_bit(random(), frame.bytes)};
}

void TaggingAttacker::on_frame_sent(TimePoint now, const FrameSent& frame) {
  const auto* origin = origins_.on_frame_sent(now, frame);
  bool is_message = origin != nullptr && origin->content == client::PacketKind::real;
  if (frame.kind == FrameKind::upload && is_message && is_active(now)) ++linked_.of;
  auto tag = under_way_.find(frame.peeled_from);
  if (tag == under_way_.end()) return;
  under_way_[frame.id] = tag->second;
  under_way_.erase(tag);
}

void TaggingAttacker::on_frame_arrived(TimePoint, const FrameArrived& frame) {
  if (frame.kind == FrameKind::packet) latest_[frame.to] = frame.id;
}

void TaggingAttacker::on_mixnode_event(TimePoint, std::uint32_t mixnode, const mixnode::Event& event) {
  if (std::holds_alternative<mixnode::PacketDropped>(event)) under_way_.erase(latest_[{NodeKind::mixnode, mixnode}]);
}

void TaggingAttacker::on_gateway_event(TimePoint, std::uint32_t gateway, const gateway::Event& event) {
  const auto* dropped = std::get_if<gateway::Dropped>(&event);
  if (dropped == nullptr || dropped->reason != DropReason::bad_payload) return;
  auto tag = under_way_.find(latest_[{NodeKind::gateway, gateway}]);
  if (tag == under_way_.end()) return;
  if (is_mine({NodeKind::gateway, gateway})) {
    ++recognised_;
    if (tag->second.links_a_message && under_way_.size() == 1) ++linked_.done;
  }
  under_way_.erase(tag);
}

void TaggingAttacker::add_to(Measurements& measurements) const {
  add_count(measurements, Metric::unlinkability, "tagged", *this, tagged_);
  add_share(measurements, Metric::unlinkability, "tags_recognised", *this, {recognised_, tagged_});
}

}  // namespace nym::sim
