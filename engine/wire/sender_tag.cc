#include "engine/wire/sender_tag.h"

#include <fmt/format.h>

#include "engine/base/text_encoding.h"

namespace nym::wire {

Result<SenderTag> SenderTag::parse(std::string_view text) {
  auto decoded = from_base58(text);
  if (!decoded) {
    return fail(WireError::bad_sender_tag,
                fmt::format("Failed to decode the base58-encoded string - {}", decoded.error().text()));
  }
  if (decoded->size() != kSize) {
    return fail(
        WireError::bad_sender_tag,
        fmt::format("Decoded AnonymousSenderTag has invalid length. Expected {}, but got {}", kSize, decoded->size()));
  }
  return SenderTag{to_array<kSize>(*decoded)};
}

std::string SenderTag::to_string() const {
  return to_base58(bytes);
}

}  // namespace nym::wire
