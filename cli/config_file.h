#pragma once

#include "cli/settings.h"

namespace nym::cli {

/// `config.toml` as `init` writes it (04 §2.2).
std::string render_config(const Settings& settings);

/// Strict where the original is: unknown keys in [client], [socket], [logging] and [debug.*] are errors that name the
/// line (04 §2.3). Error: bad_config.
Result<Settings> parse_config(std::string_view toml, const std::string& file_name);

/// Errors: not_initialised (no such file), bad_config.
Result<Settings> load_config(const ClientPaths& paths, const std::string& id);

}  // namespace nym::cli
