#pragma once

#include "cli/option_table.h"

namespace nym::cli {

/// What `--help` prints, laid out as 06 §1 describes: two columns for the program, texts below their options for the
/// commands with many.
std::string help_of(const CommandSpec& command);

/// `Usage: nym-client init [OPTIONS] --id <ID>`; with options given, those instead of `[OPTIONS]`.
std::string usage_of(const CommandSpec& command, const std::vector<const OptionSpec*>& given);

/// Behind an option's text: ` [default: text] [possible values: text, json]`.
std::string value_notes(const OptionSpec& option);

}  // namespace nym::cli
