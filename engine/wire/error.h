#pragma once

#include "engine/base/result.h"

namespace nym::wire {

enum class WireError : std::uint16_t {
  too_short = 1,
  bad_address,
  bad_recipient,
  bad_sender_tag,
  bad_message_type,
  bad_content_tag,
  bad_surb,
  bad_padding,
  bad_fragment,
  bad_packet_size,
  bad_packet_type,
  bad_json,
  bad_handshake,
  bad_pem,
  bad_key,
  bad_frame_version,
  bad_key_rotation,
};
constexpr Layer layer_of(WireError) {
  return Layer::wire;
}

}  // namespace nym::wire
