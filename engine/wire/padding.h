#pragma once

#include "engine/base/bytes.h"
#include "engine/wire/error.h"

namespace nym::wire {

/// Appends 0x01 and zeros so that the message fills its fragments (02 §5). `fragment_size` = wire::fragment_bytes.
void pad_message(Bytes& message, std::size_t fragment_size);
/// Everything before the last 0x01. Error: bad_padding.
Result<ByteView> strip_padding(ByteView padded);

}  // namespace nym::wire
