#include "cli/documents.h"

#include <fmt/format.h>

#include "cli/config_table.h"
#include "cli/help_text.h"
#include "cli/option_table.h"

namespace nym::cli {
namespace {

// A table cell: no column ends, no line ends.
std::string cell(std::string_view text) {
  std::string out;
  for (char c : text) {
    if (c == '|') out += '\\';
    out += c == '\n' ? ' ' : c;
  }
  return out;
}

std::string option_row(const OptionSpec& option) {
  std::string names = option.letter == '\0' ? std::string() : fmt::format("`-{}`, ", option.letter);
  names += fmt::format("`{}`", option.signature());
  std::string text(option.help);
  if (auto notes = value_notes(option); !notes.empty()) text += " " + notes;
  if (option.visibility == Visibility::hidden) text += " (not in `--help`)";
  for (auto alias : option.aliases) text += fmt::format(" (also `--{}`)", alias);
  for (auto other : option.excludes) text += fmt::format(" (not together with `--{}`)", other);
  return fmt::format("| {} | {} |\n", cell(names), cell(text));
}

std::string options_of(const CommandSpec& command) {
  std::string rows;
  for (const auto& option : command.options) {
    bool is_worth_a_row = option.visibility != Visibility::outdated && option.id != OptionId::help;
    if (is_worth_a_row) rows += option_row(option);
  }
  return rows.empty() ? rows : "| option | meaning |\n|---|---|\n" + rows;
}

std::string outdated_rows() {
  std::string rows;
  for (const auto& command : command_specs()) {
    for (const auto& option : command.options) {
      if (option.visibility != Visibility::outdated) continue;
      rows += fmt::format("| `{}` | `{}` | {} |\n", command.name, cell(option.signature()), cell(option.note));
    }
  }
  return "| command | option | what it does today |\n|---|---|---|\n" + rows;
}

std::string default_of(const ConfigKey& key) {
  if (key.presence == KeyPresence::required) return "required";
  auto text = key.write(Settings{});
  if (text.empty()) return "absent";
  std::string one_line;
  for (char c : text) {
    bool is_blank = c == ' ' || c == '\n';
    if (is_blank && (one_line.empty() || one_line.back() == ' ' || one_line.back() == '[')) continue;
    one_line += is_blank ? ' ' : c;
  }
  if (one_line.ends_with(", ]")) one_line.replace(one_line.size() - 3, 3, "]");
  return "`" + one_line + "`";
}

std::string key_row(const ConfigKey& key) {
  std::string names = fmt::format("`{}`", key.key);
  if (!key.alias.empty()) names += fmt::format(" (also `{}`)", key.alias);
  return fmt::format("| {} | {} | {} | {} | {} |\n", names, key.type, default_of(key), cell(key.accepted),
                     cell(key.meaning));
}

constexpr const char* kConfigIntroduction = R"(# config.toml

<!-- made by `nym-client generate-docs config-reference`; do not edit -->

`nym-client init --id NAME` writes `~/.nym/clients/NAME/config/config.toml`. Its form is that of v1.1.29, which reads it too.
`run` reads it; its options count for that run only. Another `init` of the same client writes it anew from the defaults and
its own options.

- Tables `[client]`, `[storage_paths]`, `[socket]` and `[logging]` must be there. Unknown tables are ignored; unknown keys are
  errors that name their line, except in `[storage_paths]`.
- A duration is a text such as `'50ms'`, `'1s 500ms'`, `'5m'`, `'12h'`.
- In texts the characters `<` `>` `"` `&` `'` `` ` `` `=` may be written as `&lt;` `&gt;` `&quot;` `&amp;` `&#x27;` `&#x60;`
  `&#x3D;`; the program writes them so.
- The three forms of releases before v1.1.21 are brought to today's form when they are first read; the old file stays beside
  the new one as `config.toml.v1.1.13.old` (or `v1.1.20`, `v1.1.20_2`).
)";

}  // namespace

std::string option_list() {
  std::string out = "### nym-client\n\n" + options_of(program_spec());
  for (const auto& command : command_specs()) {
    if (command.visibility != Visibility::shown || command.id == CommandId::help) continue;
    auto usage = usage_of(command, {}).substr(std::string_view("Usage: ").size());
    out += fmt::format("\n### {}\n\n{}: `{}`\n", command.name, command.about, usage);
    if (auto rows = options_of(command); !rows.empty()) out += "\n" + rows;
    for (const auto& positional : command.positionals) {
      out += fmt::format("\n`<{}>`: {}\n", positional.value_name, value_notes(positional));
    }
  }
  return out + "\n### Options of older releases\n\nThey are accepted, with a note on stderr.\n\n" + outdated_rows();
}

std::string config_reference() {
  std::string out = kConfigIntroduction;
  for (const auto& table : config_tables()) {
    out += fmt::format("\n## [{}]\n\n{}.\n", table.name, table.meaning);
    std::string rows;
    for (const auto& key : config_keys()) {
      if (key.table == table.name) rows += key_row(key);
    }
    if (!rows.empty()) out += "\n| key | type | default | accepted | meaning |\n|---|---|---|---|---|\n" + rows;
  }
  return out;
}

std::string document_named(std::string_view name) {
  if (name == "man-page") return manual_page();
  if (name == "option-list") return option_list();
  return config_reference();
}

}  // namespace nym::cli
