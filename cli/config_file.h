#pragma once

#include "cli/settings.h"
#include "cli/toml_document.h"

namespace nym::cli {

/// What a file said, and what a user should know of it.
struct ReadConfig {
  Settings settings;
  std::vector<std::string> notes;  ///< for the log
};

/// Strict where the original is: unknown keys in its tables are errors that name line and nearest name (04 §2.3).
/// Error: bad_config.
Result<ReadConfig> parse_config(std::string_view toml);
Result<ReadConfig> read_config(const TomlTable& document);

enum class ConfigExtent : std::uint8_t {
  fresh,    ///< what `init` writes: the keys of v1.1.29's template, and of ours those that are not the default
  complete  ///< also every other key that is not the default
};
/// The text of `config.toml` (04 §2.2).
std::string render_config(const Settings& settings, ConfigExtent extent);

/// Errors: file_failed and the like of net/files.h.
Result<void> store_config(const ClientPaths& paths, const Settings& settings, ConfigExtent extent);

/// Reads the configuration of a client; one of an older release is brought to today's form first (04 §2.6), its old
/// file is kept beside it. Errors: not_initialised (no such file), bad_config.
Result<ReadConfig> load_config(const ClientPaths& paths, const std::string& id);

/// The file as it is. Errors: not_initialised, bad_config.
Result<std::string> read_config_text(const ClientPaths& paths, const std::string& id);

/// `FailedToLoadConfig("alice"): ...`, which scripts know.
std::unexpected<Error> config_failure(CliError code, const std::string& id, const std::string& why);

}  // namespace nym::cli
