#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "cli/error.h"

namespace nym::cli {

struct TomlEntry;
using TomlTable = std::vector<TomlEntry>;

/// A value of a TOML document, with its line.
struct TomlValue {
  struct Array {
    std::vector<TomlValue> values;
  };
  struct Other {};  ///< a date or a time
  std::variant<std::string, std::int64_t, double, bool, Array, TomlTable, Other> content;
  std::uint32_t line = 0;

  template <class T>
  const T* as() const {
    return std::get_if<T>(&content);
  }
};

struct TomlEntry {
  std::string key;
  TomlValue value;
};

/// Tables list their entries in the order of the file. Error: bad_config with the line and what the parser expected.
Result<TomlTable> parse_toml(std::string_view text);

const TomlValue* find_entry(const TomlTable& table, std::string_view key);
TomlValue* find_entry(TomlTable& table, std::string_view key);

}  // namespace nym::cli
