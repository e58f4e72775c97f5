#pragma once

#include <functional>

#include "cli/settings.h"
#include "cli/toml_document.h"

namespace nym::cli {

// Everything that a configuration file may say, as data. The reader, the writer and docs/config.md are made from it.

enum class WrittenWhen : std::uint8_t {
  always,   ///< by init, as v1.1.29 does
  changed,  ///< by init, when it is not the default
  kept      ///< when a file is brought to today's form and it is not the default; init forgets it, as v1.1.29 does
};
enum class KeyPresence : std::uint8_t { optional, required };
enum class UnknownKeys : std::uint8_t { refused, ignored };

struct ConfigTable {
  std::string_view name;  ///< `debug.traffic`
  std::string_view meaning;
  WrittenWhen written = WrittenWhen::changed;
  KeyPresence presence = KeyPresence::optional;
  UnknownKeys unknown = UnknownKeys::refused;
};

struct ConfigKey {
  std::string_view table;
  std::string_view key;  ///< may be dotted: `keys.ack_key_file`
  std::string_view type;
  std::string accepted;  ///< for people: a range, a list of names, or empty
  std::string_view meaning;
  WrittenWhen written = WrittenWhen::kept;
  KeyPresence presence = KeyPresence::optional;
  std::string_view alias = {};  ///< a further name that is read
  /// Error: bad_config, saying what was expected.
  std::function<Result<void>(const TomlValue&, Settings&)> read = {};
  /// As TOML; empty: left out.
  std::function<std::string(const Settings&)> write = {};

  std::string path() const { return std::string(table) + "." + std::string(key); }
};

/// In the order of the file.
const std::vector<ConfigTable>& config_tables();
const std::vector<ConfigKey>& config_keys();

}  // namespace nym::cli
