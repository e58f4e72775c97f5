#include "cli/config_file.h"

#include <fmt/format.h>

#include <algorithm>

#include "cli/config_migration.h"
#include "cli/config_table.h"
#include "net/error.h"
#include "net/files.h"

namespace nym::cli {
namespace {

constexpr std::size_t kMaxConfig = std::size_t{1} << 20U;

/// Whether a key stands in the file, for the settings and what the defaults would print.
bool is_written(const ConfigKey& key, const std::string& value, const std::string& default_value, ConfigExtent extent) {
  if (value.empty()) return false;
  switch (key.written) {
    case WrittenWhen::always:
      return true;
    case WrittenWhen::changed:
      return value != default_value;
    case WrittenWhen::kept:
      return extent == ConfigExtent::complete && value != default_value;
  }
  return false;
}

std::string render_keys(const ConfigTable& table, const Settings& settings, ConfigExtent extent) {
  const Settings defaults;
  std::string out;
  for (const auto& key : config_keys()) {
    if (key.table != table.name) continue;
    auto value = key.write(settings);
    if (!is_written(key, value, key.write(defaults), extent)) continue;
    out += fmt::format("# {}\n{} = {}\n\n", key.meaning, key.key, value);
  }
  return out;
}

}  // namespace

// 04 §2.2: an empty line first, a blank behind [storage_paths], three line ends behind the last value.
std::string render_config(const Settings& settings, ConfigExtent extent) {
  std::string out =
      "\n# Configuration of a nym-client; docs/config.md describes every key. Durations are written "
      "like '50ms' or '1s 500ms'.\n\n";
  for (const auto& table : config_tables()) {
    auto keys = render_keys(table, settings, extent);
    if (keys.empty() && table.written != WrittenWhen::always) continue;
    out += fmt::format("# {}\n[{}]{}\n{}", table.meaning, table.name, table.name == "storage_paths" ? " " : "", keys);
    if (keys.empty()) out += "\n";
  }
  return out + "\n";
}

Result<void> store_config(const ClientPaths& paths, const Settings& settings, ConfigExtent extent) {
  NYM_TRY_VOID(net::make_directories(paths.config_file.parent_path()));
  return net::write_file_atomically(paths.config_file, as_bytes(render_config(settings, extent)));
}

std::unexpected<Error> config_failure(CliError code, const std::string& id, const std::string& why) {
  return fail(code, fmt::format("FailedToLoadConfig(\"{}\"): {}", id, why));
}

Result<std::string> read_config_text(const ClientPaths& paths, const std::string& id) {
  auto content = net::read_file(paths.config_file, kMaxConfig);
  if (content) return std::string(as_text(*content));
  if (!content.error().is(net::NetError::not_found)) {
    return config_failure(CliError::bad_config, id, content.error().text());
  }
  return config_failure(CliError::not_initialised, id,
                        fmt::format("{}; run 'nym-client init --id {}' first", content.error().text(), id));
}

Result<ReadConfig> load_config(const ClientPaths& paths, const std::string& id) {
  NYM_TRY(auto text, read_config_text(paths, id));
  auto read = parse_config(text);
  if (read) return read;
  auto migrated = migrate_config(paths, text);
  if (!migrated) {
    return config_failure(CliError::bad_config, id,
                          fmt::format("{}: {}", paths.config_file.string(), migrated.error().text()));
  }
  if (*migrated) return *std::move(*migrated);
  return config_failure(CliError::bad_config, id,
                        fmt::format("{}: {}", paths.config_file.string(), read.error().text()));
}

}  // namespace nym::cli
