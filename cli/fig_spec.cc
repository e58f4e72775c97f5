#include <fmt/format.h>

#include <algorithm>

#include "cli/completions.h"
#include "cli/option_table.h"

namespace nym::cli {
namespace {

std::string fig_text(std::string_view text) {
  std::string out = "\"";
  for (char c : text) {
    if (c == '\\' || c == '"') out += '\\';
    out += c == '\n' ? ' ' : c;
  }
  return out + "\"";
}

/// Lines of TypeScript, each indented by its depth.
class FigWriter {
 public:
  void line(std::string_view text) { out_ += std::string(2 * depth_, ' ') + std::string(text) + "\n"; }
  void open(std::string_view text) {
    line(text);
    ++depth_;
  }
  void close(std::string_view text) {
    --depth_;
    line(text);
  }
  std::string take() { return std::move(out_); }

 private:
  std::string out_;
  std::size_t depth_ = 0;
};

void write_values(FigWriter& out, const OptionSpec& option, std::string_view name, bool is_optional) {
  out.open("args: {");
  out.line(fmt::format("name: {},", fig_text(name)));
  if (is_optional) out.line("isOptional: true,");
  if (!option.choices.empty()) {
    out.open("suggestions: [");
    for (auto choice : option.choices) out.line(fig_text(choice) + ",");
    out.close("],");
  } else if (option.kind == ValueKind::path) {
    out.line("template: \"filepaths\",");
  }
  out.close("},");
}

std::string field_name(std::string_view name) {
  std::string field(name);
  std::replace(field.begin(), field.end(), '-', '_');
  return field;
}

void write_option(FigWriter& out, const OptionSpec& option) {
  out.open("{");
  auto long_name = fig_text(fmt::format("--{}", option.name));
  out.line(option.letter == '\0' ? fmt::format("name: {},", long_name)
                                 : fmt::format("name: [\"-{}\", {}],", option.letter, long_name));
  out.line(fmt::format("description: {},", fig_text(option.help)));
  if (option.takes_value() && option.visibility == Visibility::hidden) out.line("hidden: true,");
  if (!option.excludes.empty()) {
    out.open("exclusiveOn: [");
    for (auto name : option.excludes) out.line(fig_text(fmt::format("--{}", name)) + ",");
    out.close("],");
  }
  if (option.takes_value()) {
    out.line("isRepeatable: true,");
    write_values(out, option, field_name(option.name), option.presence == Presence::optional);
  }
  out.close("},");
}

// Options with a value first, then flags, each in the order of the table.
void write_options(FigWriter& out, const CommandSpec& command) {
  auto is_fit = [](const OptionSpec& option) { return option.visibility != Visibility::outdated; };
  if (std::none_of(command.options.begin(), command.options.end(), is_fit)) return;
  out.open("options: [");
  for (bool with_value : {true, false}) {
    for (const auto& option : command.options) {
      if (is_fit(option) && option.takes_value() == with_value) write_option(out, option);
    }
  }
  out.close("],");
}

void write_help_topics(FigWriter& out) {
  out.open("subcommands: [");
  for (const auto& command : command_specs()) {
    if (command.visibility != Visibility::shown) continue;
    out.open("{");
    out.line(fmt::format("name: {},", fig_text(command.name)));
    out.line(fmt::format("description: {},", fig_text(command.about)));
    out.close("},");
  }
  out.close("],");
}

void write_command(FigWriter& out, const CommandSpec& command) {
  out.open("{");
  out.line(fmt::format("name: {},", fig_text(command.name)));
  out.line(fmt::format("description: {},", fig_text(command.about)));
  if (command.id == CommandId::help) write_help_topics(out);
  write_options(out, command);
  for (const auto& positional : command.positionals) {
    if (command.id != CommandId::help) write_values(out, positional, positional.name, false);
  }
  out.close("},");
}

}  // namespace

std::string fig_spec() {
  FigWriter out;
  const auto& program = program_spec();
  out.open("const completion: Fig.Spec = {");
  out.line(fmt::format("name: {},", fig_text(program.name)));
  out.line(fmt::format("description: {},", fig_text(program.about)));
  out.open("subcommands: [");
  for (const auto& command : command_specs()) {
    if (command.visibility == Visibility::shown) write_command(out, command);
  }
  out.close("],");
  write_options(out, program);
  out.close("};");
  return out.take() + "\nexport default completion;\n";
}

}  // namespace nym::cli
