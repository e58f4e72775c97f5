#pragma once

#include <map>
#include <optional>
#include <span>
#include <variant>

#include "cli/option_table.h"

namespace nym::cli {

/// What was typed, checked against the option table: every value fits its kind.
struct Arguments {
  CommandId command = CommandId::top;
  std::map<OptionId, std::vector<std::string>> values;  ///< flags: an empty list
  std::vector<std::string> notes;                       ///< of options of older releases, for stderr

  bool has(OptionId id) const { return values.contains(id); }
  /// The last value; nothing when it was not given.
  std::optional<std::string> value(OptionId id) const;
  /// All values of a repeatable option, cut at commas, trimmed; nothing when it was not given.
  std::optional<std::vector<std::string>> list(OptionId id) const;
};

/// The program has nothing more to do than to print this.
struct Stop {
  int exit_code = 0;
  std::string out;
  std::string err;
};

/// Total over any arguments (without the program's name). Texts and codes are those of 06 §3: 0 for help and version,
/// 2 for faults, which begin with `error: `.
std::variant<Arguments, Stop> parse_command_line(std::span<const std::string> arguments);

}  // namespace nym::cli
