#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace nym::cli {

// Everything that the command line knows, as data. The parser, the help, the completions, the manual page and the
// documents are made from it.

enum class CommandId : std::uint8_t {
  top,  ///< before any command
  init,
  run,
  upgrade,
  build_info,
  completions,
  generate_fig_spec,
  generate_docs,
  help
};

enum class OptionId : std::uint8_t {
  config_env_file,
  no_banner,
  help,
  version,
  id,
  gateway,
  latency_based_selection,
  force_register_gateway,
  nyxd_urls,
  nym_apis,
  disable_socket,
  port,
  host,
  fastmode,
  no_cover,
  enabled_credentials_mode,
  api_dialect,
  deliver_to,
  allow_origin,
  api_token_file,
  api_socket,
  api_max_message,
  journal,
  metrics,
  log_format,
  output,
  shell,
  document,
  topic,
  without_effect  ///< of older releases: accepted, with a note
};

enum class ValueKind : std::uint8_t {
  none,  ///< a flag
  client_id,
  path,
  boolean,
  port,
  ip_address,
  gateway_key,
  urls,     ///< separated by commas, may be repeated
  origins,  ///< separated by commas, may be repeated
  byte_count,
  endpoint,
  choice,
  any
};

enum class Visibility : std::uint8_t {
  shown,
  hidden,   ///< accepted and completed, not in the help
  outdated  ///< of older releases: accepted only
};
enum class Presence : std::uint8_t { optional, required };

struct OptionSpec {
  OptionId id;
  std::string_view name;  ///< long, without dashes; of a positional value: its name
  char letter = '\0';
  ValueKind kind = ValueKind::none;
  std::string_view value_name = {};
  std::vector<std::string_view> choices = {};
  std::vector<std::string_view> further_choices = {};  ///< accepted spellings that the help leaves out
  std::string_view default_value = {};
  std::string_view help = {};
  Visibility visibility = Visibility::shown;
  Presence presence = Presence::optional;
  std::vector<std::string_view> aliases = {};   ///< further long names, in no help
  std::vector<std::string_view> excludes = {};  ///< long names that it cannot be used with
  std::string_view note = {};                   ///< outdated: said on stderr when it is used
  std::string_view stands_for = {};             ///< outdated flag: the value that it sets

  bool takes_value() const { return kind != ValueKind::none; }
  bool is_repeatable() const { return kind == ValueKind::urls || kind == ValueKind::origins; }
  /// `--port <PORT>`, `--fastmode`.
  std::string signature() const;
};

struct CommandSpec {
  CommandId id;
  std::string_view name;
  std::string_view about;
  Visibility visibility = Visibility::shown;
  std::vector<OptionSpec> options;      ///< in the order of the help
  std::vector<OptionSpec> positionals;  ///< at most one, last may be repeated
};

/// The program itself: the options that stand before the command.
const CommandSpec& program_spec();
/// In the order of the help.
const std::vector<CommandSpec>& command_specs();
const CommandSpec& spec_of(CommandId id);

}  // namespace nym::cli
