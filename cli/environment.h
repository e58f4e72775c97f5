#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/error.h"

namespace nym::cli {

/// Network settings from the process environment or a `-c` file (04 §1.3): who wins over whom is a quirk that scripts
/// rely on. Error: bad_environment.
struct Environment {
  std::optional<std::vector<std::string>> nym_apis;  ///< set when they override the config
  std::optional<std::vector<std::string>> nyxd_urls;

  static Result<Environment> load(const std::optional<std::string>& config_env_file);
};

inline constexpr const char* kMainnetNymApi = "https://validator.nymtech.net/api/";
inline constexpr const char* kMainnetNyxd = "https://rpc.nymtech.net/";

/// Splits at commas, trims blanks, checks each and writes it in normal form. Error: usage, naming `what`.
Result<std::vector<std::string>> parse_url_list(std::string_view text, std::string_view what);

}  // namespace nym::cli
