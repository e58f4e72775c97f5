#include "engine/wire/padding.h"

#include <algorithm>

#include "engine/wire/chunking.h"

namespace nym::wire {
namespace {

constexpr std::uint8_t kTerminator = 1;

}  // namespace

void pad_message(Bytes& message, std::size_t fragment_size) {
  std::size_t terminated = message.size() + 1;
  std::size_t zeros = required_fragments(terminated, fragment_size).free_bytes;
  message.reserve(terminated + zeros);
  message.push_back(kTerminator);
  message.resize(terminated + zeros);
}

Result<ByteView> strip_padding(ByteView padded) {
  auto last = std::find(padded.rbegin(), padded.rend(), kTerminator);
  if (last == padded.rend()) return fail(WireError::bad_padding, "message without the end of its padding");
  return padded.first(static_cast<std::size_t>(padded.rend() - last) - 1);
}

}  // namespace nym::wire
