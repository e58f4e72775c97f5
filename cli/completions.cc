#include "cli/completions.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <vector>

#include "cli/option_table.h"

namespace nym::cli {
namespace {

std::vector<const OptionSpec*> completed_options(const CommandSpec& command) {
  std::vector<const OptionSpec*> options;
  for (const auto& option : command.options) {
    if (option.visibility != Visibility::outdated) options.push_back(&option);
  }
  return options;
}

std::vector<const CommandSpec*> completed_commands() {
  std::vector<const CommandSpec*> commands;
  for (const auto& command : command_specs()) {
    if (command.visibility == Visibility::shown) commands.push_back(&command);
  }
  return commands;
}

/// What may stand where `command` takes a word that is no option.
std::vector<std::string_view> completed_words(const CommandSpec& command) {
  std::vector<std::string_view> words;
  bool takes_commands = command.id == CommandId::top || command.id == CommandId::help;
  if (takes_commands) {
    for (const auto* other : completed_commands()) words.push_back(other->name);
    return words;
  }
  for (const auto& positional : command.positionals) words = positional.choices;
  return words;
}

std::vector<std::string> dashed_names(const OptionSpec& option) {
  std::vector<std::string> names;
  if (option.letter != '\0') names.push_back(fmt::format("-{}", option.letter));
  names.push_back(fmt::format("--{}", option.name));
  return names;
}

std::string replaced(std::string_view text, char what, std::string_view with) {
  std::string out;
  for (char c : text) {
    if (c == what) {
      out += with;
    } else {
      out += c;
    }
  }
  return out;
}

// ---- bash

/// `--port) ...;;` for every option that takes a value.
std::string bash_value_cases(const CommandSpec& command) {
  std::string cases;
  for (const auto* option : completed_options(command)) {
    if (!option->takes_value()) continue;
    std::string reply = "COMPREPLY=()";
    if (!option->choices.empty()) {
      reply = fmt::format("COMPREPLY=($(compgen -W '{}' -- \"$cur\"))", fmt::join(option->choices, " "));
    } else if (option->kind == ValueKind::path) {
      reply = "COMPREPLY=($(compgen -f -- \"$cur\"))";
    }
    cases += fmt::format("        {})\n          {}\n          return\n          ;;\n",
                         fmt::join(dashed_names(*option), "|"), reply);
  }
  return cases;
}

std::string bash_case(std::string_view label, const CommandSpec& command) {
  std::vector<std::string> words;
  for (const auto* option : completed_options(command)) {
    for (auto& name : dashed_names(*option)) words.push_back(std::move(name));
  }
  for (auto word : completed_words(command)) words.emplace_back(word);
  auto value_cases = bash_value_cases(command);
  auto value_block = value_cases.empty() ? "" : fmt::format("      case \"$prev\" in\n{}      esac\n", value_cases);
  return fmt::format("    {})\n{}      COMPREPLY=($(compgen -W '{}' -- \"$cur\"))\n      ;;\n", label, value_block,
                     fmt::join(words, " "));
}

// The command is the first word that is neither an option nor the value of one.
std::string bash_completions() {
  std::vector<std::string> top_values;
  for (const auto* option : completed_options(program_spec())) {
    if (!option->takes_value()) continue;
    for (auto& name : dashed_names(*option)) top_values.push_back(std::move(name));
  }
  std::string names;
  std::string cases = bash_case("''", program_spec());
  for (const auto* command : completed_commands()) {
    names += (names.empty() ? "" : "|") + std::string(command->name);
    cases += bash_case(command->name, *command);
  }
  return fmt::format(R"(_nym-client() {{
  local cur="${{COMP_WORDS[COMP_CWORD]}}" prev="${{COMP_WORDS[COMP_CWORD-1]}}" command='' i
  COMPREPLY=()
  for ((i = 1; i < COMP_CWORD; i++)); do
    case "${{COMP_WORDS[i]}}" in
      {})
        i=$((i + 1))
        ;;
      {})
        command="${{COMP_WORDS[i]}}"
        break
        ;;
    esac
  done
  case "$command" in
{}  esac
}}

complete -F _nym-client -o nosort -o bashdefault -o default nym-client
)",
                     fmt::join(top_values, "|"), names, cases);
}

// ---- zsh

std::string zsh_text(std::string_view text) {
  std::string out;
  for (char c : text) {
    if (c == '\'') {
      out += "'\\''";
      continue;
    }
    if (c == '[' || c == ']' || c == ':' || c == '\\') out += '\\';
    out += c;
  }
  return out;
}

std::string zsh_value(const OptionSpec& option) {
  if (!option.takes_value()) return {};
  std::string action = option.kind == ValueKind::path ? "_files" : "";
  if (!option.choices.empty()) action = fmt::format("({})", fmt::join(option.choices, " "));
  return fmt::format(":{}:{}", option.value_name, action);
}

std::string zsh_arguments(const CommandSpec& command, std::string_view indent) {
  std::string lines;
  for (const auto* option : completed_options(command)) {
    for (const auto& name : dashed_names(*option)) {
      std::string_view joiner = !option->takes_value() ? "" : name.starts_with("--") ? "=" : "+";
      std::string_view star = option->is_repeatable() ? "*" : "";
      lines +=
          fmt::format("{}'{}{}{}[{}]{}' \\\n", indent, star, name, joiner, zsh_text(option->help), zsh_value(*option));
    }
  }
  auto words = completed_words(command);
  if (!words.empty() && command.id != CommandId::top) {
    lines += fmt::format("{}':value:({})' \\\n", indent, fmt::join(words, " "));
  }
  return lines;
}

std::string zsh_completions() {
  std::string descriptions;
  std::string cases;
  for (const auto* command : completed_commands()) {
    descriptions += fmt::format("        '{}:{}'\n", command->name, zsh_text(command->about));
    cases += fmt::format("        {})\n          _arguments -s -S \\\n{}            && return 0\n          ;;\n",
                         command->name, zsh_arguments(*command, "            "));
  }
  return fmt::format(R"(#compdef nym-client

_nym-client() {{
  local context state state_descr line
  typeset -A opt_args
  _arguments -s -S -C \
{}    ':command:->command' \
    '*::argument:->argument' \
    && return 0
  case $state in
    command)
      local -a commands
      commands=(
{}      )
      _describe -t commands 'nym-client command' commands
      ;;
    argument)
      case $line[1] in
{}      esac
      ;;
  esac
}}

if [ "$funcstack[1]" = "_nym-client" ]; then
  _nym-client "$@"
else
  compdef _nym-client nym-client
fi
)",
                     zsh_arguments(program_spec(), "    "), descriptions, cases);
}

// ---- fish

std::string fish_text(std::string_view text) {
  return "'" + replaced(replaced(text, '\\', "\\\\"), '\'', "\\'") + "'";
}

std::string fish_options(const CommandSpec& command, const std::string& condition) {
  std::string lines;
  for (const auto* option : completed_options(command)) {
    std::string line = fmt::format("complete -c nym-client -n {}", fish_text(condition));
    if (option->letter != '\0') line += fmt::format(" -s {}", option->letter);
    line += fmt::format(" -l {} -d {}", option->name, fish_text(option->help));
    if (option->takes_value()) line += option->kind == ValueKind::path ? " -r -F" : " -r -f";
    if (!option->choices.empty())
      line += fmt::format(" -a {}", fish_text(fmt::format("{}", fmt::join(option->choices, " "))));
    lines += line + "\n";
  }
  return lines;
}

std::string fish_completions() {
  const std::string at_top = "__fish_use_subcommand";
  std::string out = "complete -c nym-client -f\n" + fish_options(program_spec(), at_top);
  for (const auto* command : completed_commands()) {
    out += fmt::format("complete -c nym-client -n {} -a {} -d {}\n", fish_text(at_top), fish_text(command->name),
                       fish_text(command->about));
  }
  for (const auto* command : completed_commands()) {
    auto inside = fmt::format("__fish_seen_subcommand_from {}", command->name);
    out += fish_options(*command, inside);
    auto words = completed_words(*command);
    if (words.empty()) continue;
    out += fmt::format("complete -c nym-client -n {} -a {}\n", fish_text(inside),
                       fish_text(fmt::format("{}", fmt::join(words, " "))));
  }
  return out;
}

// ---- elvish

std::string elvish_text(std::string_view text) {
  return "'" + replaced(text, '\'', "''") + "'";
}

std::string elvish_case(std::string_view label, const CommandSpec& command) {
  std::string lines;
  for (const auto* option : completed_options(command)) {
    for (const auto& name : dashed_names(*option)) {
      lines += fmt::format("            cand {} {}\n", name, elvish_text(option->help));
    }
  }
  for (const auto* other : completed_commands()) {
    bool belongs = command.id == CommandId::top || command.id == CommandId::help;
    if (belongs) lines += fmt::format("            cand {} {}\n", other->name, elvish_text(other->about));
  }
  for (const auto& positional : command.positionals) {
    for (auto choice : positional.choices) lines += fmt::format("            cand {} ''\n", choice);
  }
  return fmt::format("        &{}= {{\n{}        }}\n", elvish_text(label), lines);
}

std::string elvish_completions() {
  std::string cases = elvish_case("nym-client", program_spec());
  for (const auto* command : completed_commands()) {
    cases += elvish_case(fmt::format("nym-client;{}", command->name), *command);
  }
  return fmt::format(R"(use builtin;
use str;

set edit:completion:arg-completer[nym-client] = {{|@words|
    fn cand {{|text desc|
        edit:complex-candidate $text &display=$text' '$desc
    }}
    var completions = [
{}    ]
    var command = 'nym-client'
    for word $words[1..-1] {{
        if (str:has-prefix $word '-') {{
            continue
        }}
        if (has-key $completions 'nym-client;'$word) {{
            set command = 'nym-client;'$word
            break
        }}
    }}
    $completions[$command]
}}
)",
                     cases);
}

// ---- powershell

std::string powershell_text(std::string_view text) {
  return "'" + replaced(text, '\'', "''") + "'";
}

std::string powershell_case(std::string_view label, const CommandSpec& command) {
  std::string lines;
  auto add = [&](std::string_view text, std::string_view kind, std::string_view help) {
    lines += fmt::format("            [CompletionResult]::new({0}, {0}, [CompletionResultType]::{1}, {2})\n",
                         powershell_text(text), kind, powershell_text(help.empty() ? text : help));
  };
  for (const auto* option : completed_options(command)) {
    for (const auto& name : dashed_names(*option)) add(name, "ParameterName", option->help);
  }
  for (auto word : completed_words(command)) add(word, "ParameterValue", {});
  return fmt::format("        '{}' {{\n{}            break\n        }}\n", label, lines);
}

std::string powershell_completions() {
  std::string names;
  std::string cases = powershell_case("", program_spec());
  for (const auto* command : completed_commands()) {
    names += (names.empty() ? "" : ", ") + powershell_text(command->name);
    cases += powershell_case(command->name, *command);
  }
  return fmt::format(R"(using namespace System.Management.Automation
using namespace System.Management.Automation.Language

Register-ArgumentCompleter -Native -CommandName 'nym-client' -ScriptBlock {{
    param($wordToComplete, $commandAst, $cursorPosition)

    $names = @({})
    $command = ''
    foreach ($element in ($commandAst.CommandElements | Select-Object -Skip 1)) {{
        $text = $element.ToString()
        if ($names -contains $text -and $text -ne $wordToComplete) {{
            $command = $text
            break
        }}
    }}

    $completions = @(switch ($command) {{
{}    }})
    $completions.Where{{ $_.CompletionText -like "$wordToComplete*" }} | Sort-Object -Property ListItemText
}}
)",
                     names, cases);
}

}  // namespace

std::optional<Shell> shell_named(std::string_view name) {
  if (name == "bash") return Shell::bash;
  if (name == "elvish") return Shell::elvish;
  if (name == "fish") return Shell::fish;
  if (name == "power-shell" || name == "powershell") return Shell::powershell;
  if (name == "zsh") return Shell::zsh;
  return std::nullopt;
}

std::string completions_for(Shell shell) {
  switch (shell) {
    case Shell::bash:
      return bash_completions();
    case Shell::elvish:
      return elvish_completions();
    case Shell::fish:
      return fish_completions();
    case Shell::powershell:
      return powershell_completions();
    case Shell::zsh:
      return zsh_completions();
  }
  return {};
}

}  // namespace nym::cli
