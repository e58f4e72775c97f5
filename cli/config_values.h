#pragma once

#include "cli/config_table.h"

namespace nym::cli {

// How one kind of value is read from and written to a configuration file. Each returns a key whose `accepted`, `read`
// and `write` are set; `at` finds its place in the settings.

template <class T>
using Place = T& (*)(Settings&);

ConfigKey text_value(Place<std::string> at);
ConfigKey ip_value(Place<std::string> at);
ConfigKey path_value(Place<std::filesystem::path> at);
ConfigKey optional_path_value(Place<std::optional<std::filesystem::path>> at);
ConfigKey duration_value(Place<Duration> at, Duration min = Duration());
/// True means `on_true`.
ConfigKey switch_value(Place<client::Switch> at, client::Switch on_true);
ConfigKey port_value(Place<std::uint16_t> at);
ConfigKey count_value(Place<std::uint32_t> at, std::uint64_t max);
ConfigKey size_value(Place<std::size_t> at, std::uint64_t min, std::uint64_t max);
ConfigKey urls_value(Place<std::vector<std::string>> at);
ConfigKey origins_value(Place<std::vector<std::string>> at);
ConfigKey endpoint_value(Place<std::optional<Endpoint>> at);
ConfigKey packet_size_value(Place<wire::PacketSize> at);
ConfigKey optional_packet_size_value(Place<std::optional<wire::PacketSize>> at);
ConfigKey packet_type_value();
ConfigKey ratio_value(Place<Probability> at);
/// A factor, kept in thousandths.
ConfigKey factor_value(Place<std::int64_t> at);
ConfigKey topology_structure_value(Place<std::string> at);

/// A text as it stands in the file.
std::string toml_quoted(std::string_view text);
Result<std::string> string_of(const TomlValue& value, std::string_view expected);

template <class Enum>
ConfigKey named_value(Place<Enum> at) {
  std::string names;
  for (auto name : choices_of<Enum>()) names += (names.empty() ? "" : ", ") + toml_quoted(name);
  ConfigKey key{};
  key.type = "text";
  key.accepted = names;
  key.read = [at, names](const TomlValue& value, Settings& settings) -> Result<void> {
    NYM_TRY(auto name, string_of(value, "one of " + names));
    auto found = value_named<Enum>(name);
    if (!found) return fail(CliError::bad_config, "expected one of " + names);
    at(settings) = *found;
    return {};
  };
  key.write = [at](const Settings& settings) {
    auto copy = settings;
    return toml_quoted(name_of(at(copy)));
  };
  return key;
}

}  // namespace nym::cli
