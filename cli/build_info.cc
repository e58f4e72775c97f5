#include "cli/build_info.h"

#include <build_facts.h>
#include <fmt/format.h>

#include <array>
#include <nlohmann/json.hpp>

#include "cli/version.h"

namespace nym::cli {
namespace {

struct Line {
  const char* label;
  const char* key;
  std::string BuildInfo::* value;
};
constexpr std::array kLines = {Line{"Binary Name:", "binary_name", &BuildInfo::binary_name},
                               Line{"Build Timestamp:", "build_timestamp", &BuildInfo::build_timestamp},
                               Line{"Build Version:", "build_version", &BuildInfo::build_version},
                               Line{"Commit SHA:", "commit_sha", &BuildInfo::commit_sha},
                               Line{"Commit Date:", "commit_timestamp", &BuildInfo::commit_timestamp},
                               Line{"Commit Branch:", "commit_branch", &BuildInfo::commit_branch},
                               Line{"rustc Version:", "rustc_version", &BuildInfo::compiler},
                               Line{"rustc Channel:", "rustc_channel", &BuildInfo::language},
                               Line{"cargo Profile:", "cargo_profile", &BuildInfo::profile}};

std::string compiler_name() {
#ifdef __clang__
  return "clang " __clang_version__;
#else
  return "g++ " __VERSION__;
#endif
}

}  // namespace

BuildInfo build_info() {
#ifdef NDEBUG
  const char* profile = "release";
#else
  const char* profile = "debug";
#endif
  return {"nym-client",
          NYM_BUILD_TIMESTAMP,
          std::string(kVersion),
          NYM_COMMIT_SHA,
          NYM_COMMIT_TIMESTAMP,
          NYM_COMMIT_BRANCH,
          compiler_name(),
          "c++23",
          profile};
}

std::string build_info_text(const BuildInfo& info) {
  std::string text = "\n";
  for (const auto& line : kLines) text += fmt::format("{:<20}{}\n", line.label, info.*line.value);
  return text;
}

std::string build_info_json(const BuildInfo& info) {
  nlohmann::ordered_json json;
  for (const auto& line : kLines) json[line.key] = info.*line.value;
  return json.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

}  // namespace nym::cli
