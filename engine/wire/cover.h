#pragma once

#include "engine/base/blob.h"

namespace nym::wire {

/// The fragment of a loop cover packet: an 18-byte marker, 0x01, zeros (02 §10).
Blob cover_fragment(std::size_t fragment_size);
bool is_cover(ByteView fragment);

}  // namespace nym::wire
