#include "cli/url_list.h"

#include <fmt/format.h>

namespace nym::cli {

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r\n";
  auto first = text.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

std::vector<std::string_view> split_at_commas(std::string_view text) {
  std::vector<std::string_view> pieces;
  for (;;) {
    auto comma = text.find(',');
    pieces.push_back(trimmed(text.substr(0, comma)));
    if (comma == std::string_view::npos) return pieces;
    text.remove_prefix(comma + 1);
  }
}

Result<net::Url> parse_http_url(std::string_view text) {
  if (text.find(':') == std::string_view::npos) return fail(CliError::usage, "relative URL without a base");
  NYM_TRY(auto url, net::parse_url(text));
  bool is_web = url.scheme == net::Scheme::http || url.scheme == net::Scheme::https;
  if (!is_web) return fail(CliError::usage, "it must begin with http or https");
  return url;
}

Result<std::vector<std::string>> parse_url_list(std::string_view text, std::string_view what) {
  std::vector<std::string> urls;
  for (auto piece : split_at_commas(text)) {
    auto url = parse_http_url(piece);
    if (!url) {
      return fail(CliError::usage, fmt::format("invalid value '{}' for {}: {}", piece, what, url.error().text()));
    }
    urls.push_back(net::to_string(*url));
  }
  return urls;
}

}  // namespace nym::cli
