#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace nym::topology {

/// What compatibility looks at of a version.
struct MajorMinor {
  std::uint64_t major = 0;
  std::uint64_t minor = 0;
  friend bool operator==(const MajorMinor&, const MajorMinor&) = default;
};

/// Semantic versioning 2.0 with blanks around it tolerated; nothing for any other text.
std::optional<MajorMinor> parse_version(std::string_view text);

}  // namespace nym::topology
