#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/error.h"

namespace nym::cli {

inline constexpr std::string_view kMainnetNymApi = "https://validator.nymtech.net/api/";
inline constexpr std::string_view kMainnetNyxd = "https://rpc.nymtech.net/";

using Variables = std::map<std::string, std::string, std::less<>>;

/// `KEY=value` lines with `export `, quotes, escapes in double quotes and comments; the first of two equal keys counts.
/// Error: bad_environment, with `file_name` and line.
Result<Variables> parse_env_file(std::string_view text, const std::string& file_name);

/// Network settings from the process environment or a `-c` file (04 §1.3): who wins over whom is a quirk that scripts
/// rely on.
struct Environment {
  std::optional<std::vector<std::string>> nym_apis;  ///< set when they override the config
  std::optional<std::vector<std::string>> nyxd_urls;
  std::optional<std::string> log_filter;  ///< NYM_LOG, else RUST_LOG; also from the file

  /// Error: bad_environment.
  static Result<Environment> load(const std::optional<std::string>& config_env_file);
};

}  // namespace nym::cli
