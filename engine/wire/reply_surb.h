#pragma once

#include "engine/base/bytes.h"
#include "engine/base/generation.h"
#include "engine/wire/error.h"

namespace nym::wire {

/// A reply SURB as carried (02 §4.5, 09 §6.1): key 16, header 348, first hop 32, then 192 or 16 bytes a hop. Its
/// content is judged by the Sphinx layer when it is used.
using ReplySurbBytes = Bytes;
/// Of form V1, which has always four hops.
inline constexpr std::size_t kReplySurbBytes = 1164;
inline constexpr std::size_t kMostSurbHops = 5;

/// Of form V2: 412 to 476 bytes.
constexpr std::size_t seed_surb_bytes(std::size_t hops) {
  return 396 + 16 * hops;
}

/// Whether a SURB says where it goes first; what its length must be, the container said. Error: bad_surb.
Result<void> check_first_hop(ByteView surb);

}  // namespace nym::wire
