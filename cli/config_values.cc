#include "cli/config_values.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "cli/duration_text.h"
#include "cli/html_escape.h"
#include "cli/option_values.h"
#include "cli/url_list.h"

namespace nym::cli {
namespace {

std::unexpected<Error> expected(std::string_view what) {
  return fail(CliError::bad_config, fmt::format("expected {}", what));
}

/// A key from the three things that kinds of values differ in.
template <class T, class Parse, class Print>
ConfigKey make_value(std::string_view type, std::string accepted, Place<T> at, Parse parse, Print print) {
  ConfigKey key{};
  key.type = type;
  key.accepted = std::move(accepted);
  key.read = [at, parse](const TomlValue& value, Settings& settings) -> Result<void> {
    NYM_TRY(at(settings), parse(value));
    return {};
  };
  key.write = [at, print](const Settings& settings) -> std::string {
    Settings copy = settings;
    return print(at(copy));
  };
  return key;
}

Result<std::int64_t> integer_of(const TomlValue& value, std::uint64_t min, std::uint64_t max) {
  const auto* number = value.as<std::int64_t>();
  bool fits = number != nullptr && *number >= 0 && static_cast<std::uint64_t>(*number) >= min &&
              static_cast<std::uint64_t>(*number) <= max;
  if (!fits) return expected(fmt::format("a whole number from {} to {}", min, max));
  return *number;
}

template <class Number>
ConfigKey number_value(Place<Number> at, std::uint64_t min, std::uint64_t max) {
  auto parse = [min, max](const TomlValue& value) -> Result<Number> {
    NYM_TRY(auto number, integer_of(value, min, max));
    return static_cast<Number>(number);
  };
  return make_value<Number>("whole number", fmt::format("{} to {}", min, max), at, parse,
                            [](Number number) { return fmt::format("{}", number); });
}

Result<double> real_of(const TomlValue& value, double max) {
  double number = -1;
  if (const auto* whole = value.as<std::int64_t>()) number = static_cast<double>(*whole);
  if (const auto* real = value.as<double>()) number = *real;
  if (!(number >= 0) || number > max) return expected(fmt::format("a number from 0 to {}", max));
  return number;
}

std::string print_list(const std::vector<std::string>& texts) {
  std::string out = "[\n    ";
  for (const auto& text : texts) out += fmt::format("\n        {},\n    ", toml_quoted(text));
  return out + "\n]";
}

template <class Parse>
ConfigKey list_value(std::string_view type, std::string_view element, Place<std::vector<std::string>> at,
                     const Parse& parse) {
  auto parse_list = [element, parse](const TomlValue& value) -> Result<std::vector<std::string>> {
    const auto* array = value.as<TomlValue::Array>();
    if (array == nullptr) return expected(fmt::format("a list of {}s", element));
    std::vector<std::string> out;
    for (const auto& entry : array->values) {
      NYM_TRY(auto text, string_of(entry, fmt::format("a {}", element)));
      auto parsed = parse(text);
      if (!parsed)
        return fail(CliError::bad_config, fmt::format("'{}' is no {}: {}", text, element, parsed.error().text()));
      out.push_back(*std::move(parsed));
    }
    return out;
  };
  return make_value<std::vector<std::string>>(type, {}, at, parse_list, print_list);
}

Result<std::filesystem::path> path_of(const TomlValue& value) {
  NYM_TRY(auto text, string_of(value, "a path"));
  if (text.empty()) return expected("a path");
  return std::filesystem::path(text);
}

Result<wire::PacketSize> packet_size_of(const TomlValue& value) {
  constexpr std::string_view kWhat = "'regular', 'extended8', 'extended16' or 'extended32'";
  NYM_TRY(auto name, string_of(value, kWhat));
  auto size = wire::packet_size_from_name(name);
  if (!size || wire::is_ack(*size) || wire::is_outfox(*size)) return expected(kWhat);
  return *size;
}

constexpr std::string_view kPacketSizes = "'regular', 'extended8', 'extended16', 'extended32'";

}  // namespace

// As v1.1.29 between single quotes, where those can hold the text.
std::string toml_quoted(std::string_view text) {
  auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; };
  auto escaped = html_escaped(text);
  if (std::none_of(escaped.begin(), escaped.end(), is_control)) return "'" + escaped + "'";
  std::string out = "\"";
  for (char c : escaped) {
    if (is_control(c)) {
      out += fmt::format("\\u{:04x}", static_cast<unsigned char>(c));
    } else {
      out += c == '\\' ? std::string("\\\\") : std::string(1, c);
    }
  }
  return out + "\"";
}

Result<std::string> string_of(const TomlValue& value, std::string_view what) {
  const auto* text = value.as<std::string>();
  if (text == nullptr) return expected(what);
  return html_unescaped(*text);
}

ConfigKey text_value(Place<std::string> at) {
  return make_value<std::string>(
      "text", {}, at, [](const TomlValue& value) { return string_of(value, "a text"); },
      [](const std::string& text) { return toml_quoted(text); });
}

ConfigKey ip_value(Place<std::string> at) {
  auto parse = [](const TomlValue& value) -> Result<std::string> {
    NYM_TRY(auto text, string_of(value, "an IP address"));
    if (!parse_ip(text)) return expected("an IP address");
    return text;
  };
  return make_value<std::string>("IP address", {}, at, parse,
                                 [](const std::string& text) { return toml_quoted(text); });
}

ConfigKey path_value(Place<std::filesystem::path> at) {
  return make_value<std::filesystem::path>(
      "path", {}, at, path_of, [](const std::filesystem::path& path) { return toml_quoted(path.string()); });
}

ConfigKey optional_path_value(Place<std::optional<std::filesystem::path>> at) {
  using Path = std::optional<std::filesystem::path>;
  auto parse = [](const TomlValue& value) -> Result<Path> {
    NYM_TRY(auto path, path_of(value));
    return Path(std::move(path));
  };
  return make_value<Path>("path", {}, at, parse,
                          [](const Path& path) { return path ? toml_quoted(path->string()) : std::string(); });
}

ConfigKey duration_value(Place<Duration> at, Duration min) {
  auto parse = [min](const TomlValue& value) -> Result<Duration> {
    NYM_TRY(auto text, string_of(value, "a duration such as '50ms'"));
    NYM_TRY(auto duration, parse_duration(text));
    if (duration < min) return expected(fmt::format("at least {}", to_text(min)));
    return duration;
  };
  auto accepted = min == Duration() ? std::string() : fmt::format("{} or more", to_text(min));
  return make_value<Duration>("duration", std::move(accepted), at, parse,
                              [](Duration duration) { return toml_quoted(to_text(duration)); });
}

ConfigKey switch_value(Place<client::Switch> at, client::Switch on_true) {
  auto on_false = on_true == client::Switch::on ? client::Switch::off : client::Switch::on;
  auto parse = [on_true, on_false](const TomlValue& value) -> Result<client::Switch> {
    const auto* truth = value.as<bool>();
    if (truth == nullptr) return expected("true or false");
    return *truth ? on_true : on_false;
  };
  return make_value<client::Switch>("true or false", {}, at, parse, [on_true](client::Switch setting) {
    return std::string(setting == on_true ? "true" : "false");
  });
}

ConfigKey port_value(Place<std::uint16_t> at) {
  return number_value<std::uint16_t>(at, 0, 65'535);
}
ConfigKey count_value(Place<std::uint32_t> at, std::uint64_t max) {
  return number_value<std::uint32_t>(at, 0, max);
}
ConfigKey size_value(Place<std::size_t> at, std::uint64_t min, std::uint64_t max) {
  return number_value<std::size_t>(at, min, max);
}

ConfigKey urls_value(Place<std::vector<std::string>> at) {
  return list_value("list of URLs", "url", at, [](const std::string& text) -> Result<std::string> {
    NYM_TRY(auto url, parse_http_url(text));
    return net::to_string(url);
  });
}

ConfigKey origins_value(Place<std::vector<std::string>> at) {
  return list_value("list of origins", "origin", at, [](const std::string& text) { return parse_origin(text); });
}

ConfigKey endpoint_value(Place<std::optional<Endpoint>> at) {
  using Where = std::optional<Endpoint>;
  constexpr std::string_view kWhat = "an IP address and a port such as '127.0.0.1:9300'";
  auto parse = [kWhat](const TomlValue& value) -> Result<Where> {
    NYM_TRY(auto text, string_of(value, kWhat));
    auto endpoint = parse_endpoint(text);
    if (!endpoint) return expected(kWhat);
    return endpoint;
  };
  return make_value<Where>("IP address and port", {}, at, parse,
                           [](const Where& where) { return where ? toml_quoted(to_string(*where)) : std::string(); });
}

ConfigKey packet_size_value(Place<wire::PacketSize> at) {
  return make_value<wire::PacketSize>("text", std::string(kPacketSizes), at, packet_size_of,
                                      [](wire::PacketSize size) { return toml_quoted(wire::name_of(size)); });
}

ConfigKey optional_packet_size_value(Place<std::optional<wire::PacketSize>> at) {
  using Size = std::optional<wire::PacketSize>;
  auto parse = [](const TomlValue& value) -> Result<Size> {
    NYM_TRY(auto size, packet_size_of(value));
    return Size(size);
  };
  return make_value<Size>("text", std::string(kPacketSizes), at, parse,
                          [](Size size) { return size ? toml_quoted(wire::name_of(*size)) : std::string(); });
}

// There is one type that this client makes, under two names.
ConfigKey packet_type_value() {
  ConfigKey key{};
  key.type = "text";
  key.accepted = "'mix', also spelt 'sphinx'";
  key.read = [](const TomlValue& value, Settings&) -> Result<void> {
    NYM_TRY(auto name, string_of(value, "'mix'"));
    if (name == "mix" || name == "sphinx") return {};
    return expected("'mix'; this client makes no packets of other types");
  };
  key.write = [](const Settings&) { return toml_quoted("mix"); };
  return key;
}

ConfigKey ratio_value(Place<Probability> at) {
  auto parse = [](const TomlValue& value) -> Result<Probability> {
    NYM_TRY(auto number, real_of(value, 1));
    return Probability::of(number);
  };
  auto print = [](Probability ratio) {
    auto text = fmt::format("{:.6f}", static_cast<double>(ratio.parts) / 4'294'967'296.0);
    while (text.back() == '0' && text[text.size() - 2] != '.') text.pop_back();
    return text;
  };
  return make_value<Probability>("number", "0 to 1", at, parse, print);
}

ConfigKey factor_value(Place<std::int64_t> at) {
  auto parse = [](const TomlValue& value) -> Result<std::int64_t> {
    NYM_TRY(auto number, real_of(value, 1'000));
    return std::llround(number * 1'000);
  };
  auto print = [](std::int64_t millis) {
    auto text = fmt::format("{}.{:03}", millis / 1'000, millis % 1'000);
    while (text.back() == '0' && text[text.size() - 2] != '.') text.pop_back();
    return text;
  };
  return make_value<std::int64_t>("number", "0 to 1000", at, parse, print);
}

// 04 §2.3: a name, or a table that asks for the nodes of some countries, which this client can not sort out.
ConfigKey topology_structure_value(Place<std::string> at) {
  auto parse = [](const TomlValue& value) -> Result<std::string> {
    constexpr std::string_view kWhat = "'NymApi' or { GeoAware = { CountryGroup = '...' } }";
    if (value.as<TomlTable>() == nullptr) {
      NYM_TRY(auto name, string_of(value, kWhat));
      if (name != "NymApi") return expected(kWhat);
      return name;
    }
    const auto* geo = find_entry(*value.as<TomlTable>(), "GeoAware");
    const auto* inner = geo == nullptr ? nullptr : geo->as<TomlTable>();
    const auto* group = inner == nullptr ? nullptr : find_entry(*inner, "CountryGroup");
    if (group == nullptr) return expected(kWhat);
    NYM_TRY(auto name, string_of(*group, kWhat));
    return fmt::format("{{ GeoAware = {{ CountryGroup = {} }} }}", toml_quoted(name));
  };
  return make_value<std::string>("text or table", "'NymApi', { GeoAware = { CountryGroup = '...' } }", at, parse,
                                 [](const std::string& text) { return text == "NymApi" ? toml_quoted(text) : text; });
}

}  // namespace nym::cli
