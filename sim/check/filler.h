#pragma once

#include <optional>

#include "engine/base/bytes.h"
#include "sim/record/observer.h"

namespace nym::sim {

/// A message's number and part, then bytes that follow from both; at least the eight of its head.
Bytes make_filler(MessageRef message, std::uint64_t bytes);
/// Which message this begins as; all its bytes may still be wrong.
std::optional<MessageRef> read_filler_head(ByteView data);

}  // namespace nym::sim
