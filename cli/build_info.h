#pragma once

#include <string>

namespace nym::cli {

/// How this program was built; what is not known is `unknown`.
struct BuildInfo {
  std::string binary_name;
  std::string build_timestamp;  ///< RFC 3339, UTC
  std::string build_version;
  std::string commit_sha;
  std::string commit_timestamp;
  std::string commit_branch;
  std::string compiler;  ///< under the name `rustc_version`, which scripts know
  std::string language;  ///< under the name `rustc_channel`
  std::string profile;   ///< `debug` or `release`
};
BuildInfo build_info();

/// Begins and ends with an empty line, as v1.1.29 has it (04 §1.5.3).
std::string build_info_text(const BuildInfo& info);
/// One line without its end.
std::string build_info_json(const BuildInfo& info);

}  // namespace nym::cli
