#include "cli/commands.h"

#include <fmt/format.h>
#include <unistd.h>

#include "cli/build_info.h"
#include "cli/command_line.h"
#include "cli/completions.h"
#include "cli/documents.h"
#include "cli/init_command.h"
#include "cli/log.h"
#include "cli/option_values.h"
#include "cli/run_command.h"
#include "cli/upgrade_command.h"
#include "cli/url_list.h"

namespace nym::cli {
namespace {

constexpr int kFailure = 1;

// The parser has checked every value: none of these conversions can fail.

template <class Number>
std::optional<Number> number_of(const std::optional<std::string>& text) {
  if (!text) return std::nullopt;
  return static_cast<Number>(std::stoull(*text));
}

std::optional<bool> truth_of(const std::optional<std::string>& text) {
  if (!text) return std::nullopt;
  return *text == "true";
}

std::optional<std::filesystem::path> absolute_path(const std::optional<std::string>& text) {
  if (!text) return std::nullopt;
  return std::filesystem::absolute(*text);
}

template <class Enum>
std::optional<Enum> choice_of(const std::optional<std::string>& name) {
  return name ? value_named<Enum>(*name) : std::nullopt;
}

std::optional<std::vector<std::string>> urls_of(const Arguments& arguments, OptionId id) {
  auto urls = arguments.list(id);
  if (!urls) return std::nullopt;
  for (auto& url : *urls) url = net::to_string(*parse_http_url(url));
  return urls;
}

std::optional<std::vector<std::string>> origins_of(const Arguments& arguments) {
  auto origins = arguments.list(OptionId::allow_origin);
  if (!origins) return std::nullopt;
  for (auto& origin : *origins) origin = *parse_origin(origin);
  return origins;
}

Overrides overrides_of(const Arguments& arguments) {
  Overrides overrides;
  overrides.disable_socket = truth_of(arguments.value(OptionId::disable_socket));
  overrides.fastmode = arguments.has(OptionId::fastmode);
  overrides.no_cover = arguments.has(OptionId::no_cover);
  overrides.port = number_of<std::uint16_t>(arguments.value(OptionId::port));
  overrides.host = arguments.value(OptionId::host);
  overrides.nym_apis = urls_of(arguments, OptionId::nym_apis);
  overrides.nyxd_urls = urls_of(arguments, OptionId::nyxd_urls);
  overrides.enabled_credentials_mode = truth_of(arguments.value(OptionId::enabled_credentials_mode));
  overrides.dialect = choice_of<Dialect>(arguments.value(OptionId::api_dialect));
  overrides.deliver_to = choice_of<DeliverTo>(arguments.value(OptionId::deliver_to));
  overrides.allowed_origins = origins_of(arguments);
  overrides.token_file = absolute_path(arguments.value(OptionId::api_token_file));
  overrides.unix_socket = absolute_path(arguments.value(OptionId::api_socket));
  overrides.max_message = number_of<std::size_t>(arguments.value(OptionId::api_max_message));
  overrides.journal = arguments.has(OptionId::journal);
  if (auto where = arguments.value(OptionId::metrics)) overrides.metrics = parse_endpoint(*where);
  overrides.log_format = choice_of<LogFormat>(arguments.value(OptionId::log_format));
  return overrides;
}

OutputFormat output_of(const Arguments& arguments) {
  return arguments.value(OptionId::output) == "json" ? OutputFormat::json : OutputFormat::text;
}

Result<void> init_with(const Arguments& arguments, const Environment& environment) {
  InitOptions options;
  options.id = *arguments.value(OptionId::id);
  if (arguments.has(OptionId::latency_based_selection)) options.gateway = NearGateway{};
  if (auto gateway = arguments.value(OptionId::gateway)) options.gateway = NamedGateway{*gateway};
  options.force_register_gateway = arguments.has(OptionId::force_register_gateway);
  options.overrides = overrides_of(arguments);
  options.output = output_of(arguments);
  return init(options, environment);
}

Result<void> print_build_info(const Arguments& arguments) {
  auto info = build_info();
  auto text = output_of(arguments) == OutputFormat::json ? build_info_json(info) : build_info_text(info);
  fmt::print("{}\n", text);
  return {};
}

Result<void> dispatch(const Arguments& arguments, const Environment& environment) {
  switch (arguments.command) {
    case CommandId::init:
      return init_with(arguments, environment);
    case CommandId::run:
      return run({*arguments.value(OptionId::id), overrides_of(arguments)}, environment);
    case CommandId::upgrade:
      return upgrade(*arguments.value(OptionId::id));
    case CommandId::build_info:
      return print_build_info(arguments);
    case CommandId::completions:
      fmt::print("{}", completions_for(*shell_named(*arguments.value(OptionId::shell))));
      return {};
    case CommandId::generate_fig_spec:
      fmt::print("{}", fig_spec());
      return {};
    case CommandId::generate_docs:
      fmt::print("{}", document_named(*arguments.value(OptionId::document)));
      return {};
    case CommandId::top:
    case CommandId::help:
      return {};
  }
  return {};
}

// In front of the output of every command, but only where a person reads it.
void print_banner() {
  fmt::print(
      "\n\n      _ __  _   _ _ __ ___\n     | '_ \\| | | | '_ \\ _ \\\n     | | | | |_| | | | | | |\n"
      "     |_| |_|\\__, |_| |_| |_|\n            |___/\n\n             (nym-client - version {})\n\n    \n",
      kVersion);
}

Result<void> perform(const Arguments& arguments) {
  NYM_TRY(auto environment, Environment::load(arguments.value(OptionId::config_env_file)));
  if (!arguments.has(OptionId::no_banner) && isatty(STDOUT_FILENO) != 0) print_banner();
  auto format = choice_of<LogFormat>(arguments.value(OptionId::log_format));
  set_up_log(format.value_or(LogFormat::text), environment.log_filter);
  for (const auto& note : arguments.notes) fmt::print(stderr, "note: {}\n", note);
  return dispatch(arguments, environment);
}

}  // namespace

int run_program(std::span<const std::string> arguments) {
  auto parsed = parse_command_line(arguments);
  if (const auto* stop = std::get_if<Stop>(&parsed)) {
    fmt::print("{}", stop->out);
    fmt::print(stderr, "{}", stop->err);
    return stop->exit_code;
  }
  auto done = perform(std::get<Arguments>(parsed));
  if (done) return 0;
  fmt::print(stderr, "Error: {}\n", done.error().text());
  return kFailure;
}

}  // namespace nym::cli
