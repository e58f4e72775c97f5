#pragma once

#include "cli/config_file.h"

namespace nym::cli {

// The three older forms of config.toml (04 §2.6). The gateway stood in them, which now has a file of its own.

/// An older configuration in today's terms.
struct OldConfig {
  std::string format;  ///< as v1.1.29 calls it: `v1.1.13`, `v1.1.20`, `v1.1.20_2`
  ReadConfig config;
  std::string gateway_id;
  std::string gateway_owner;
  std::string gateway_listener;
};

/// Nothing: the text has none of the older forms. Error: bad_config, where it has one and is faulty.
Result<std::optional<OldConfig>> parse_old_config(std::string_view toml);

/// Writes today's config.toml and gateway_details.json of a client whose config.toml is `text`, and keeps that as
/// `config.toml.<format>.old`. Nothing: `text` is not of an older form. Errors: bad_config, and those of files.
Result<std::optional<ReadConfig>> migrate_config(const ClientPaths& paths, const std::string& text);

/// Keeps `text` as `config.toml.<label>.old`; an older copy of that name stays. Error: file_failed.
Result<void> keep_old_config(const ClientPaths& paths, const std::string& label, const std::string& text);

}  // namespace nym::cli
