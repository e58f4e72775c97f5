#pragma once

#include <optional>
#include <string>

#include "engine/base/bytes.h"

namespace nym::app_api {

/// What a run of bytes begins with, read as UTF-8.
struct Utf8Step {
  std::size_t length = 0;               ///< bytes of the character, or of the longest prefix of one that is broken off
  std::optional<char32_t> character{};  ///< nothing: these bytes are no character
  bool is_cut_off = false;              ///< no character only because the bytes end too early
};

/// `bytes` must not be empty. A broken sequence is as long as a correct one could have begun with these bytes (at least
/// 1).
Utf8Step read_utf8(ByteView bytes);

/// Nothing when all bytes are UTF-8, else what is wrong, e.g. `invalid utf-8 sequence of 1 bytes from index 4`.
std::optional<std::string> utf8_fault(ByteView bytes);

/// Replaces every broken sequence by one U+FFFD (05 §6). At most three times as long as `bytes`.
std::string to_lossy_text(ByteView bytes);

}  // namespace nym::app_api
