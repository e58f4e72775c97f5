#pragma once

#include "engine/base/random.h"
#include "sim/network/host.h"

namespace nym::sim {

/// The bytes of a packet, upload or push; null for all else.
const Blob* content_of(const HostInput& input);

/// Flips the bit with this number, counted round in what there is; nothing without content. Copies made before keep
/// theirs.
void flip_bit(HostInput& input, std::uint64_t bit);
/// Flips a random bit.
void damage(HostInput& input, RandomSource& random);

}  // namespace nym::sim
