#include "cli/command_line.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "cli/build_info.h"
#include "cli/help_text.h"
#include "cli/option_values.h"
#include "cli/url_list.h"
#include "cli/version.h"
#include "engine/base/nearest_name.h"

namespace nym::cli {
namespace {

constexpr int kUsageFault = 2;

// What taking one argument may lead to besides going on.
using Interrupt = std::optional<Stop>;

Stop fault(std::string text) {
  return {kUsageFault, {}, fmt::format("error: {}\n\nFor more information, try '--help'.\n", std::move(text))};
}

std::string possible_values(const OptionSpec& option) {
  return fmt::format("\n  [possible values: {}]", fmt::join(option.choices, ", "));
}

bool is_choice(const OptionSpec& option, std::string_view value) {
  auto has = [&](const auto& list) { return std::find(list.begin(), list.end(), value) != list.end(); };
  return has(option.choices) || has(option.further_choices);
}

std::string quoted_signature(const OptionSpec& option, const CommandSpec& command) {
  bool is_positional = std::any_of(command.positionals.begin(), command.positionals.end(),
                                   [&](const auto& positional) { return positional.id == option.id; });
  return is_positional ? fmt::format("<{}>", option.value_name) : option.signature();
}

/// One pass over the arguments.
class CommandLineParser {
 public:
  explicit CommandLineParser(std::span<const std::string> arguments) : rest_(arguments) {}

  std::variant<Arguments, Stop> parse() {
    while (!rest_.empty()) {
      std::string argument = rest_.front();
      rest_ = rest_.subspan(1);
      if (auto stop = take(argument)) return *std::move(stop);
    }
    if (auto stop = check_whole()) return *std::move(stop);
    return std::move(arguments_);
  }

 private:
  Interrupt take(const std::string& argument) {
    bool is_option = !only_positionals_ && argument.size() > 1 && argument.front() == '-';
    if (!is_option) return take_word(argument);
    if (argument == "--") {
      only_positionals_ = true;
      return std::nullopt;
    }
    return argument.starts_with("--") ? take_long(argument.substr(2)) : take_letters(argument.substr(1));
  }

  Interrupt take_word(const std::string& word) {
    if (command_->id == CommandId::top) return enter_command(word);
    if (command_->positionals.empty()) return unexpected(word);
    const auto& positional = command_->positionals.front();
    bool is_taken = arguments_.has(positional.id) && command_->id != CommandId::help;
    return is_taken ? unexpected(word) : store(positional, word);
  }

  Interrupt enter_command(const std::string& word) {
    for (const auto& command : command_specs()) {
      if (command.name != word) continue;
      command_ = &command;
      arguments_.command = command.id;
      given_.clear();
      return std::nullopt;
    }
    std::vector<std::string_view> names;
    for (const auto& command : command_specs()) {
      if (command.visibility == Visibility::shown) names.push_back(command.name);
    }
    std::string tip;
    if (auto near = nearest_name(word, names)) {
      tip = fmt::format("\n\n  tip: a similar subcommand exists: '{}'", *near);
    }
    return fault(fmt::format("unrecognized subcommand '{}'{}\n\nUsage: nym-client [OPTIONS] <COMMAND>", word, tip));
  }

  const OptionSpec* find_long(std::string_view name) const {
    for (const auto& option : command_->options) {
      bool is_alias = std::find(option.aliases.begin(), option.aliases.end(), name) != option.aliases.end();
      if (option.name == name || is_alias) return &option;
    }
    return nullptr;
  }

  Interrupt take_long(const std::string& text) {
    auto equals = text.find('=');
    auto name = text.substr(0, equals);
    const auto* option = find_long(name);
    if (option == nullptr) return unexpected("--" + name);
    if (option->id == OptionId::version) {
      return Stop{0, fmt::format("nym-client {}\n", build_info_text(build_info())), {}};
    }
    if (equals == std::string::npos) return take_option(*option, std::nullopt);
    return take_option(*option, text.substr(equals + 1));
  }

  // `-p 1`, `-p1`, `-p=1`, and flags one after the other.
  Interrupt take_letters(std::string letters) {
    while (!letters.empty()) {
      auto option = std::find_if(command_->options.begin(), command_->options.end(),
                                 [&](const auto& candidate) { return candidate.letter == letters.front(); });
      if (option == command_->options.end()) return unexpected(fmt::format("-{}", letters.front()));
      letters.erase(0, 1);
      bool has_value = option->takes_value() && !letters.empty();
      if (has_value) return take_option(*option, letters.starts_with('=') ? letters.substr(1) : letters);
      if (auto stop = take_option(*option, std::nullopt)) return stop;
    }
    return std::nullopt;
  }

  Interrupt take_option(const OptionSpec& option, std::optional<std::string> value) {
    if (option.id == OptionId::help) return Stop{0, help_of(*command_), {}};
    if (option.id == OptionId::version) return Stop{0, fmt::format("nym-client {}\n", kVersion), {}};
    if (!option.takes_value()) {
      if (!value) return store(option, std::string(option.stands_for));
      return fault(fmt::format("unexpected value '{}' for '{}' found; no more were expected\n\n{}", *value,
                               option.signature(), usage_of(*command_, given_)));
    }
    bool next_is_value = !rest_.empty() && (rest_.front().empty() || rest_.front() == "-" || rest_.front()[0] != '-');
    if (!value && next_is_value) {
      value = rest_.front();
      rest_ = rest_.subspan(1);
    }
    if (value) return store(option, *value);
    return fault(fmt::format("a value is required for '{}' but none was supplied{}", option.signature(),
                             option.choices.empty() ? "" : possible_values(option)));
  }

  Interrupt store(const OptionSpec& option, const std::string& value) {
    if (auto stop = check_value(option, value)) return stop;
    bool again = arguments_.has(option.id) && !option.is_repeatable() && option.id != OptionId::without_effect &&
                 option.id != OptionId::topic;
    if (again) {
      return fault(fmt::format("the argument '{}' cannot be used multiple times\n\n{}", option.signature(),
                               usage_of(*command_, {})));
    }
    if (!option.note.empty()) arguments_.notes.emplace_back(option.note);
    auto& values = arguments_.values[option.id];
    if (option.takes_value() || !option.stands_for.empty()) values.push_back(value);
    given_.push_back(&option);
    return std::nullopt;
  }

  Interrupt check_value(const OptionSpec& option, const std::string& value) const {
    auto shown = quoted_signature(option, *command_);
    if (!option.choices.empty() && !is_choice(option, value)) {
      std::string tip;
      if (auto near = nearest_name(value, option.choices)) {
        tip = fmt::format("\n\n  tip: a similar value exists: '{}'", *near);
      }
      if (value.empty()) {
        return fault(
            fmt::format("a value is required for '{}' but none was supplied{}", shown, possible_values(option)));
      }
      return fault(fmt::format("invalid value '{}' for '{}'{}{}", value, shown, possible_values(option), tip));
    }
    if (!option.takes_value()) return std::nullopt;
    auto why = fault_of_value(option, value);
    if (!why) return std::nullopt;
    return fault(fmt::format("invalid value '{}' for '{}': {}", value, shown, *why));
  }

  Interrupt unexpected(const std::string& argument) const {
    return fault(
        fmt::format("unexpected argument '{}' found{}\n\n{}", argument, tip_for(argument), usage_of(*command_, {})));
  }

  std::string tip_for(const std::string& argument) const {
    if (!argument.starts_with("--")) return {};
    auto name = std::string_view(argument).substr(2);
    auto has_name = [&](const OptionSpec& option) { return option.name == name; };
    const auto& before = program_spec().options;
    if (command_->id != CommandId::top && std::any_of(before.begin(), before.end(), has_name)) {
      return fmt::format("\n\n  tip: it goes before the command: 'nym-client {} {}'", argument, command_->name);
    }
    for (const auto& command : command_specs()) {
      bool elsewhere =
          command_->id == CommandId::top && std::any_of(command.options.begin(), command.options.end(), has_name);
      if (elsewhere) return fmt::format("\n\n  tip: '{} {}' exists", command.name, argument);
    }
    std::vector<std::string_view> names;
    for (const auto& option : command_->options) {
      if (option.visibility != Visibility::outdated) names.push_back(option.name);
    }
    auto near = nearest_name(name, names);
    return near ? fmt::format("\n\n  tip: a similar argument exists: '--{}'", *near) : std::string();
  }

  Interrupt check_whole() const {
    if (command_->id == CommandId::top) return Stop{kUsageFault, {}, help_of(*command_)};
    if (command_->id == CommandId::help) return help_on_topic();
    for (const auto* option : given_) {
      for (auto name : option->excludes) {
        const auto* other = find_long(name);
        if (other == nullptr || !arguments_.has(other->id)) continue;
        return fault(fmt::format("the argument '{}' cannot be used with '{}'\n\n{}", option->signature(),
                                 other->signature(), usage_of(*command_, given_)));
      }
    }
    std::string missing;
    for (const auto* list : {&command_->options, &command_->positionals}) {
      for (const auto& option : *list) {
        bool lacks = option.presence == Presence::required && !arguments_.has(option.id);
        if (lacks) missing += "\n  " + quoted_signature(option, *command_);
      }
    }
    if (missing.empty()) return std::nullopt;
    return fault(fmt::format("the following required arguments were not provided:{}\n\n{}", missing,
                             usage_of(*command_, given_)));
  }

  Interrupt help_on_topic() const {
    auto topics = arguments_.values.find(OptionId::topic);
    if (topics == arguments_.values.end()) return Stop{0, help_of(program_spec()), {}};
    const auto& name = topics->second.front();
    for (const auto& command : command_specs()) {
      if (command.name == name && topics->second.size() == 1) return Stop{0, help_of(command), {}};
    }
    return fault(
        fmt::format("unrecognized subcommand '{}'\n\nUsage: nym-client [OPTIONS] <COMMAND>", topics->second.back()));
  }

  std::span<const std::string> rest_;
  const CommandSpec* command_ = &program_spec();
  std::vector<const OptionSpec*> given_;
  Arguments arguments_;
  bool only_positionals_ = false;
};

}  // namespace

std::optional<std::string> Arguments::value(OptionId id) const {
  auto found = values.find(id);
  if (found == values.end() || found->second.empty()) return std::nullopt;
  return found->second.back();
}

std::optional<std::vector<std::string>> Arguments::list(OptionId id) const {
  auto found = values.find(id);
  if (found == values.end()) return std::nullopt;
  std::vector<std::string> pieces;
  for (const auto& text : found->second) {
    for (auto piece : split_at_commas(text)) pieces.emplace_back(piece);
  }
  return pieces;
}

std::variant<Arguments, Stop> parse_command_line(std::span<const std::string> arguments) {
  return CommandLineParser(arguments).parse();
}

}  // namespace nym::cli
