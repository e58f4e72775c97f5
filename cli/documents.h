#pragma once

#include <string>
#include <string_view>

namespace nym::cli {

// The documents that come from the program's own tables. docs/ holds what they print; tests compare.

/// docs/nym-client.1
std::string manual_page();
/// The options in docs/client.md, between its two marks.
std::string option_list();
/// docs/config.md
std::string config_reference();

/// One of the values that `generate-docs` takes.
std::string document_named(std::string_view name);

}  // namespace nym::cli
