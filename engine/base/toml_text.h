#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace nym {

/// A place in a text; both count from 1, columns in bytes.
struct TextPlace {
  std::size_t line = 1;
  std::size_t column = 1;
  friend bool operator==(const TextPlace&, const TextPlace&) = default;
};

/// Where a TOML text first has something beyond ASCII that is neither in a string nor in a comment, which TOML forbids.
/// toml++ 3.3 must not see such a text: what it does with letters such as é there is undefined. A byte order mark at
/// the beginning is allowed.
std::optional<TextPlace> first_bare_non_ascii(std::string_view toml);

}  // namespace nym
