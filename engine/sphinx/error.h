#pragma once

#include "engine/base/result.h"

namespace nym::sphinx {

/// Kinds of 01 §11.8, and `zero_secret`, which only our peel refuses.
enum class SphinxError : std::uint16_t {
  invalid_packet = 1,
  invalid_header,
  invalid_routing,
  invalid_payload,
  invalid_surb,
  zero_secret,
  bad_mac,  ///< of a gateway envelope
  too_short,
};
constexpr Layer layer_of(SphinxError) {
  return Layer::sphinx;
}

}  // namespace nym::sphinx
