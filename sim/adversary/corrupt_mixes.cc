#include "sim/adversary/corrupt_mixes.h"

namespace nym::sim {

void CorruptMixesAttacker::on_frame_sent(TimePoint now, const FrameSent& frame) {
  const auto* origin = origins_.on_frame_sent(now, frame);
  bool is_message = origin != nullptr && origin->content == client::PacketKind::real;
  if (!is_message || !is_data_push(frame) || !is_active(now)) return;
  ++linked_.of;
  if (origin->corrupt == origin->mixnodes) ++linked_.done;
}

}  // namespace nym::sim
