#include "cli/help_text.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace nym::cli {
namespace {

using Rows = std::vector<std::pair<std::string, std::string>>;

constexpr std::size_t kOptionsForLongForm = 4;

std::string left_column(const OptionSpec& option) {
  auto letter = option.letter == '\0' ? std::string("    ") : fmt::format("-{}, ", option.letter);
  return letter + option.signature();
}

std::string beside(const Rows& rows) {
  std::size_t width = 0;
  for (const auto& row : rows) width = std::max(width, row.first.size());
  std::string text;
  for (const auto& [left, right] : rows) text += fmt::format("  {:<{}}  {}\n", left, width, right);
  return text;
}

std::string below(const Rows& rows) {
  std::string text;
  for (const auto& [left, right] : rows) text += fmt::format("  {}\n          {}\n", left, right);
  return text;
}

std::string commands_block() {
  Rows rows;
  for (const auto& command : command_specs()) {
    if (command.visibility == Visibility::shown) rows.emplace_back(command.name, command.about);
  }
  return "\nCommands:\n" + beside(rows);
}

std::string option_text(const OptionSpec& option) {
  auto notes = value_notes(option);
  return std::string(option.help) + (notes.empty() ? "" : " " + notes);
}

}  // namespace

std::string value_notes(const OptionSpec& option) {
  std::vector<std::string> notes;
  if (!option.default_value.empty()) notes.push_back(fmt::format("[default: {}]", option.default_value));
  if (!option.choices.empty()) notes.push_back(fmt::format("[possible values: {}]", fmt::join(option.choices, ", ")));
  return fmt::format("{}", fmt::join(notes, " "));
}

std::string usage_of(const CommandSpec& command, const std::vector<const OptionSpec*>& given) {
  if (command.id == CommandId::top) return "Usage: nym-client [OPTIONS] <COMMAND>";
  if (command.id == CommandId::help) return "Usage: nym-client help [COMMAND]...";
  std::string text = fmt::format("Usage: nym-client {}", command.name);
  bool has_options = std::any_of(command.options.begin(), command.options.end(),
                                 [](const auto& option) { return option.id != OptionId::help; });
  if (given.empty() && has_options) text += " [OPTIONS]";
  for (const auto& option : command.options) {
    if (option.presence == Presence::required) text += " " + option.signature();
  }
  for (const auto* option : given) {
    bool is_positional = std::none_of(command.options.begin(), command.options.end(),
                                      [&](const auto& known) { return &known == option; });
    if (!is_positional && option->presence == Presence::optional) text += " " + option->signature();
  }
  for (const auto& positional : command.positionals) text += fmt::format(" <{}>", positional.value_name);
  return text;
}

std::string help_of(const CommandSpec& command) {
  std::string text = fmt::format("{}\n\n{}\n", command.about, usage_of(command, {}));
  if (command.id == CommandId::top) text += commands_block();
  Rows arguments;
  for (const auto& positional : command.positionals) {
    auto shown = command.id == CommandId::help ? "[COMMAND]..." : fmt::format("<{}>", positional.value_name);
    arguments.emplace_back(shown, option_text(positional));
  }
  if (!arguments.empty()) text += "\nArguments:\n" + beside(arguments);
  Rows options;
  for (const auto& option : command.options) {
    if (option.visibility == Visibility::shown) options.emplace_back(left_column(option), option_text(option));
  }
  if (options.empty()) return text;
  bool is_long = command.id != CommandId::top && options.size() > kOptionsForLongForm;
  return text + "\nOptions:\n" + (is_long ? below(options) : beside(options));
}

}  // namespace nym::cli
