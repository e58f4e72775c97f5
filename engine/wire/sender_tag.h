#pragma once

#include <string>

#include "engine/base/bytes.h"
#include "engine/wire/error.h"

namespace nym::wire {

/// By what a receiver knows an anonymous sender (02 §4.4). 16 bytes; text base58.
struct SenderTag {
  static constexpr std::size_t kSize = 16;
  ByteArray<kSize> bytes{};

  /// Error: bad_sender_tag with the texts of 05 §4.2.
  static Result<SenderTag> parse(std::string_view text);
  std::string to_string() const;
  friend auto operator<=>(const SenderTag&, const SenderTag&) = default;
};

}  // namespace nym::wire
