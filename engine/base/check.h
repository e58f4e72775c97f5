#pragma once

#include <string_view>

namespace nym {

/// Prints the broken invariant and aborts. For a caller's misuse only: bytes from outside never reach it.
[[noreturn]] void check_failed(std::string_view condition, const char* file, int line);

}  // namespace nym

/// Always on, also in release builds.
#define NYM_CHECK(condition)                               \
  do {                                                     \
    if (!(condition)) [[unlikely]]                         \
      ::nym::check_failed(#condition, __FILE__, __LINE__); \
  } while (false)
