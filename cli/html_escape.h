#pragma once

#include <string>
#include <string_view>

namespace nym::cli {

// v1.1.29 writes the values of its configuration files as if they were HTML (04 §2.2), without undoing that when it
// reads them. Ours writes the same bytes and undoes it.

std::string html_escaped(std::string_view text);
std::string html_unescaped(std::string_view text);

}  // namespace nym::cli
