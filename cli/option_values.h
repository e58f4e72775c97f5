#pragma once

#include "cli/error.h"
#include "cli/option_table.h"

namespace nym::cli {

/// What is wrong with a value, in the words of v1.1.29 where it has any (06 §3); nothing: it may be used. Choices are
/// the parser's business.
std::optional<std::string> fault_of_value(const OptionSpec& option, std::string_view value);

/// As an Origin header names a web page: `https://example.org:8443`, the port only where it is not the scheme's own.
/// Error: usage.
Result<std::string> parse_origin(std::string_view text);

}  // namespace nym::cli
