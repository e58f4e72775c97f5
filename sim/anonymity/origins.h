#pragma once

#include "sim/anonymity/corruption.h"
#include "sim/anonymity/frame_map.h"

namespace nym::sim {

/// A payload that a client got: all else that a gateway pushes is far smaller.
inline constexpr std::uint32_t kSmallestDataPush = 400;
inline bool is_data_push(const FrameSent& frame) {
  return frame.kind == FrameKind::push && frame.bytes >= kSmallestDataPush;
}

/// What a client sent, and how it came so far.
struct Origin {
  FrameId upload;
  std::uint32_t client = 0;
  client::PacketKind content{};
  std::uint8_t mixnodes = 0;
  std::uint8_t corrupt = 0;  ///< of these mixnodes
};

/// The truth that guesses are compared with: which upload a frame was. Needs `peeled_from` of packets that gateways
/// took from uploads, that mixnodes sent on, and of pushes. Acknowledgements are not followed.
class Origins {
 public:
  explicit Origins(CorruptSet corrupt = {}) : corrupt_(std::move(corrupt)) {}

  /// Call for every frame; what is known of it.
  const Origin* on_frame_sent(TimePoint now, const FrameSent& frame);
  const Origin* find(FrameId id) const;

 private:
  struct Known {
    Origin origin;
    FrameKind kind{};
  };
  std::optional<Origin> origin_of(TimePoint now, const FrameSent& frame) const;

  CorruptSet corrupt_;
  FrameMap<Known> frames_;
};

}  // namespace nym::sim
