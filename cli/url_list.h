#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cli/error.h"
#include "net/url.h"

namespace nym::cli {

std::string_view trimmed(std::string_view text);
/// The pieces without the blanks around them; an empty text is one empty piece.
std::vector<std::string_view> split_at_commas(std::string_view text);

/// Error: usage, in the words of v1.1.29 for a text without a scheme.
Result<net::Url> parse_http_url(std::string_view text);
/// Splits at commas, checks each and writes it in normal form. Error: usage, naming the piece and `what`.
Result<std::vector<std::string>> parse_url_list(std::string_view text, std::string_view what);

}  // namespace nym::cli
