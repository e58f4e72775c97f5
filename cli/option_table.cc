#include "cli/option_table.h"

#include <algorithm>

#include "cli/settings.h"
#include "engine/base/check.h"

namespace nym::cli {
namespace {

using Options = std::vector<OptionSpec>;

const std::vector<std::string_view> kTrueFalse{"true", "false"};

OptionSpec help_option() {
  return {.id = OptionId::help, .name = "help", .letter = 'h', .help = "Print help"};
}

OptionSpec output_option(std::string_view help) {
  return {.id = OptionId::output,
          .name = "output",
          .letter = 'o',
          .kind = ValueKind::choice,
          .value_name = "OUTPUT",
          .choices = {"text", "json"},
          .default_value = "text",
          .help = help};
}

OptionSpec id_option(std::string_view help) {
  return {.id = OptionId::id,
          .name = "id",
          .kind = ValueKind::client_id,
          .value_name = "ID",
          .help = help,
          .presence = Presence::required};
}

OptionSpec gateway_option(std::string_view help) {
  return {.id = OptionId::gateway,
          .name = "gateway",
          .kind = ValueKind::gateway_key,
          .value_name = "GATEWAY",
          .help = help,
          .excludes = {"latency-based-selection"}};
}

OptionSpec nym_apis_option() {
  return {.id = OptionId::nym_apis,
          .name = "nym-apis",
          .kind = ValueKind::urls,
          .value_name = "NYM_APIS",
          .help = "Directories to ask for the network's nodes, separated by commas",
          .aliases = {"api_validators"}};
}

// The same for init and run, in the order in which run shows them.
Options socket_options() {
  return {{.id = OptionId::disable_socket,
           .name = "disable-socket",
           .kind = ValueKind::boolean,
           .value_name = "DISABLE_SOCKET",
           .choices = kTrueFalse,
           .help = "Whether there shall be no local websocket"},
          {.id = OptionId::port,
           .name = "port",
           .letter = 'p',
           .kind = ValueKind::port,
           .value_name = "PORT",
           .help = "Port of the local websocket (1977 when neither this nor the configuration says otherwise)"},
          {.id = OptionId::host,
           .name = "host",
           .kind = ValueKind::ip_address,
           .value_name = "HOST",
           .help = "IP address of the local websocket (127.0.0.1 when neither this nor the configuration says "
                   "otherwise); anybody who reaches it can use the client"}};
}

OptionSpec choice_option(OptionId id, std::string_view name, std::string_view value_name,
                         std::vector<std::string_view> choices, std::string_view help) {
  return {.id = id,
          .name = name,
          .kind = ValueKind::choice,
          .value_name = value_name,
          .choices = std::move(choices),
          .help = help};
}

Options application_options() {
  return {choice_option(OptionId::api_dialect, "api-dialect", "DIALECT", choices_of<Dialect>(),
                        "Generation of the websocket API: recognised from what an application sends, exactly that of "
                        "v1.1.29, or that of v0.7"),
          choice_option(OptionId::deliver_to, "deliver-to", "WHOM", choices_of<DeliverTo>(),
                        "Who gets a message when several applications are connected: the one that it belongs to, all "
                        "of them, or the newest"),
          {.id = OptionId::allow_origin,
           .name = "allow-origin",
           .kind = ValueKind::origins,
           .value_name = "ORIGIN",
           .help = "Web pages that may use the websocket besides those of this machine, as in https://example.org, "
                   "separated by commas"},
          {.id = OptionId::api_token_file,
           .name = "api-token-file",
           .kind = ValueKind::path,
           .value_name = "FILE",
           .help = "File with a token that applications must present"},
          {.id = OptionId::api_socket,
           .name = "api-socket",
           .kind = ValueKind::path,
           .value_name = "PATH",
           .help = "Unix socket where applications are served too"},
          {.id = OptionId::api_max_message,
           .name = "api-max-message",
           .kind = ValueKind::byte_count,
           .value_name = "BYTES",
           .help = "Longest message of an application in bytes (268435456)"}};
}

Options operation_options() {
  return {{.id = OptionId::journal,
           .name = "journal",
           .help = "Keep accepted messages on disk until they are acknowledged, so that a crash loses none"},
          {.id = OptionId::metrics,
           .name = "metrics",
           .kind = ValueKind::endpoint,
           .value_name = "ADDRESS",
           .help = "IP address and port where figures are served in Prometheus' text form, and /livez and /readyz"},
          choice_option(OptionId::log_format, "log-format", "FORMAT", choices_of<LogFormat>(),
                        "Form of the log lines on stderr")};
}

Options hidden_options() {
  return {{.id = OptionId::nyxd_urls,
           .name = "nyxd-urls",
           .kind = ValueKind::urls,
           .value_name = "NYXD_URLS",
           .help = "Chain endpoints, separated by commas; nothing is asked of them without credentials",
           .visibility = Visibility::hidden,
           .aliases = {"nyxd_validators"}},
          {.id = OptionId::fastmode,
           .name = "fastmode",
           .help = "Shorter delays and less cover traffic: faster, with less anonymity",
           .visibility = Visibility::hidden},
          {.id = OptionId::no_cover,
           .name = "no-cover",
           .help = "No cover traffic and no steady rate: hardly any anonymity",
           .visibility = Visibility::hidden},
          {.id = OptionId::enabled_credentials_mode,
           .name = "enabled-credentials-mode",
           .kind = ValueKind::boolean,
           .value_name = "ENABLED_CREDENTIALS_MODE",
           .choices = kTrueFalse,
           .help = "Whether the configuration asks for bandwidth credentials; this program claims bandwidth without",
           .visibility = Visibility::hidden}};
}

OptionSpec outdated_urls(OptionId id, std::string_view name, std::string_view note) {
  return {.id = id,
          .name = name,
          .kind = ValueKind::urls,
          .value_name = "URLS",
          .visibility = Visibility::outdated,
          .note = note};
}

OptionSpec outdated_value(std::string_view name, std::string_view note) {
  return {.id = OptionId::without_effect,
          .name = name,
          .kind = ValueKind::any,
          .value_name = "VALUE",
          .visibility = Visibility::outdated,
          .note = note};
}

// 04 §1.8: what documents of earlier releases tell people to type.
Options outdated_options() {
  return {outdated_urls(OptionId::nym_apis, "directory", "--directory is now called --nym-apis"),
          outdated_urls(OptionId::nym_apis, "validator", "--validator is now called --nym-apis"),
          outdated_urls(OptionId::nym_apis, "validators", "--validators is now called --nym-apis"),
          outdated_urls(OptionId::nym_apis, "api-validators", "--api-validators is now called --nym-apis"),
          outdated_urls(OptionId::nyxd_urls, "nymd-validators", "--nymd-validators is now called --nyxd-urls"),
          {.id = OptionId::without_effect,
           .name = "vpn-mode",
           .visibility = Visibility::outdated,
           .note = "--vpn-mode has no effect: that mode was withdrawn from the network"},
          outdated_value("mixnet-contract", "--mixnet-contract has no effect: nodes are listed by --nym-apis"),
          outdated_value("eth-endpoint", "--eth-endpoint has no effect: bandwidth is claimed without credentials"),
          outdated_value("eth-private-key",
                         "--eth-private-key has no effect: bandwidth is claimed without credentials; a key should not "
                         "stand on a command line")};
}

void add(Options& to, Options more) {
  for (auto& option : more) to.push_back(std::move(option));
}

Options init_options() {
  Options options{id_option("Name of the client on this machine; nobody else sees it"),
                  gateway_option("Identity key (base58) of the gateway to register with; else one is chosen at random"),
                  {.id = OptionId::latency_based_selection,
                   .name = "latency-based-selection",
                   .help = "Measure the gateways and prefer near ones, instead of choosing at random",
                   .aliases = {"latency-based-routing"},
                   .excludes = {"gateway"}},
                  {.id = OptionId::force_register_gateway,
                   .name = "force-register-gateway",
                   .help = "Allow the keys and the address of an existing client to be replaced"},
                  nym_apis_option()};
  add(options, socket_options());
  options.push_back(output_option("Form of the result"));
  add(options, application_options());
  add(options, operation_options());
  add(options, hidden_options());
  add(options, outdated_options());
  options.push_back({.id = OptionId::output,
                     .name = "output-json",
                     .visibility = Visibility::outdated,
                     .note = "--output-json is now called --output json",
                     .stands_for = "json"});
  options.push_back(help_option());
  return options;
}

Options run_options() {
  auto gateway = gateway_option("Accepted as in older releases and without effect: the gateway was chosen by init");
  gateway.excludes.clear();
  Options options{id_option("Name of the client, as given to init"), nym_apis_option(), std::move(gateway)};
  add(options, socket_options());
  add(options, application_options());
  add(options, operation_options());
  add(options, hidden_options());
  add(options, outdated_options());
  options.push_back(help_option());
  return options;
}

CommandSpec make_program() {
  return {.id = CommandId::top,
          .name = "nym-client",
          .about = "Implementation of the Nym Client",
          .options = {{.id = OptionId::config_env_file,
                       .name = "config-env-file",
                       .letter = 'c',
                       .kind = ValueKind::path,
                       .value_name = "CONFIG_ENV_FILE",
                       .help = "File of KEY=value lines that name a network other than the usual one"},
                      {.id = OptionId::no_banner, .name = "no-banner", .help = "Do not print the banner"},
                      help_option(),
                      {.id = OptionId::version, .name = "version", .letter = 'V', .help = "Print version"}},
          .positionals = {}};
}

// NOLINTNEXTLINE(readability-function-size): a table
std::vector<CommandSpec> make_commands() {
  OptionSpec shell{.id = OptionId::shell,
                   .name = "shell",
                   .kind = ValueKind::choice,
                   .value_name = "SHELL",
                   .choices = {"bash", "elvish", "fish", "power-shell", "zsh"},
                   .further_choices = {"powershell"},
                   .help = "Which shell",
                   .presence = Presence::required};
  OptionSpec document{.id = OptionId::document,
                      .name = "document",
                      .kind = ValueKind::choice,
                      .value_name = "DOCUMENT",
                      .choices = {"man-page", "option-list", "config-reference"},
                      .help = "Which document",
                      .presence = Presence::required};
  OptionSpec topic{.id = OptionId::topic,
                   .name = "command",
                   .kind = ValueKind::any,
                   .value_name = "COMMAND",
                   .help = "Print help for the command"};
  return {{CommandId::init,
           "init",
           "Create a client: make its keys, register with a gateway, write its configuration",
           Visibility::shown,
           init_options(),
           {}},
          {CommandId::run,
           "run",
           "Run a client; applications talk to it over its local websocket",
           Visibility::shown,
           run_options(),
           {}},
          {CommandId::upgrade,
           "upgrade",
           "Bring the files of a client that an older release made to today's form",
           Visibility::shown,
           {id_option("Name of the client"),
            outdated_value("current-version", "--current-version has no effect: the configuration says its version"),
            help_option()},
           {}},
          {CommandId::build_info,
           "build-info",
           "Show how this program was built",
           Visibility::shown,
           {output_option("Form of the result"), help_option()},
           {}},
          {CommandId::completions,
           "completions",
           "Generate shell completions",
           Visibility::shown,
           {help_option()},
           {shell}},
          {CommandId::generate_fig_spec,
           "generate-fig-spec",
           "Generate a Fig specification",
           Visibility::shown,
           {help_option()},
           {}},
          {CommandId::generate_docs,
           "generate-docs",
           "Generate the documents that come from the program's own tables",
           Visibility::hidden,
           {help_option()},
           {document}},
          {CommandId::help,
           "help",
           "Print this message or the help of the given subcommand(s)",
           Visibility::shown,
           {},
           {topic}}};
}

}  // namespace

std::string OptionSpec::signature() const {
  std::string text = "--" + std::string(name);
  if (takes_value()) text += " <" + std::string(value_name) + ">";
  return text;
}

const CommandSpec& program_spec() {
  static const CommandSpec kProgram = make_program();
  return kProgram;
}

const std::vector<CommandSpec>& command_specs() {
  static const std::vector<CommandSpec> kCommands = make_commands();
  return kCommands;
}

const CommandSpec& spec_of(CommandId id) {
  if (id == CommandId::top) return program_spec();
  const auto& commands = command_specs();
  auto found = std::find_if(commands.begin(), commands.end(), [&](const auto& command) { return command.id == id; });
  NYM_CHECK(found != commands.end());
  return *found;
}

}  // namespace nym::cli
