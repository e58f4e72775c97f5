#include "cli/upgrade_command.h"

#include <fmt/format.h>

#include <utility>

#include "cli/config_file.h"
#include "cli/config_migration.h"
#include "cli/gateway_setup.h"
#include "engine/topology/version.h"
#include "net/files.h"

namespace nym::cli {
namespace {

std::unexpected<Error> cannot_upgrade(const std::string& from, const char* why) {
  return fail(CliError::bad_config, fmt::format("cannot perform upgrade from {} to {}: {}", from, kVersion, why));
}

}  // namespace

Result<void> upgrade(const std::string& id) {
  NYM_TRY(auto paths, ClientPaths::of(id));
  NYM_TRY(auto text, read_config_text(paths, id));
  NYM_TRY(auto config, load_config(paths, id));
  auto& settings = config.settings;
  for (const auto& note : config.notes) fmt::print(stderr, "{}: {}\n", paths.config_file.string(), note);
  settings.paths.config_file = paths.config_file;
  auto warnings = restrict_files(settings.paths);
  for (const auto& warning : warnings) fmt::print(stderr, "{}\n", warning);
  NYM_TRY(auto now_there, read_config_text(paths, id));
  bool was_converted = now_there != text;
  if (settings.version == kVersion && !was_converted) {
    fmt::print("You're using the most recent version!\n");
    return {};
  }
  auto from = settings.version;
  auto ours = topology::parse_version(kVersion);
  auto theirs = topology::parse_version(from);
  if (!theirs) return cannot_upgrade(from, "that is no version");
  if (std::pair(theirs->major, theirs->minor) > std::pair(ours->major, ours->minor)) {
    return cannot_upgrade(from, "it is newer than this program");
  }
  if (!was_converted) NYM_TRY_VOID(keep_old_config(paths, from, text));
  settings.version = kVersion;
  NYM_TRY_VOID(store_config(paths, settings, ConfigExtent::complete));
  fmt::print("Upgraded client {} from {} to {}\n", id, from, kVersion);
  return {};
}

}  // namespace nym::cli
