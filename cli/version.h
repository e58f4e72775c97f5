#pragma once

#include <string_view>

namespace nym::cli {

/// The only place that a source file takes the program's version from; set by the build's `project(... VERSION)`.
inline constexpr std::string_view kVersion = NYM_VERSION;

}  // namespace nym::cli
