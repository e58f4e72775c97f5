#include "cli/toml_document.h"

#include <fmt/format.h>

// toml++ 3.3 takes for granted what a text such as "[." breaks: it stops there in debug builds, and in others the
// behaviour is undefined. Without these claims it reports an error.
#undef NDEBUG
#define TOML_ASSERT(expression) static_assert(true)
#include <toml++/toml.h>

#include <algorithm>
#include <tuple>

#include "engine/base/toml_text.h"

namespace nym::cli {
namespace {

TomlValue convert(const toml::node& node);

TomlTable convert_table(const toml::table& table) {
  TomlTable entries;
  for (const auto& [key, node] : table) entries.push_back({std::string(key.str()), convert(node)});
  std::sort(entries.begin(), entries.end(),
            [](const auto& a, const auto& b) { return std::tie(a.value.line, a.key) < std::tie(b.value.line, b.key); });
  return entries;
}

TomlValue convert(const toml::node& node) {
  TomlValue value{TomlValue::Other{}, node.source().begin.line};
  if (auto text = node.value_exact<std::string>()) {
    value.content = *std::move(text);
  } else if (auto number = node.value_exact<std::int64_t>()) {
    value.content = *number;
  } else if (auto real = node.value_exact<double>()) {
    value.content = *real;
  } else if (auto truth = node.value_exact<bool>()) {
    value.content = *truth;
  } else if (const auto* table = node.as_table()) {
    value.content = convert_table(*table);
  } else if (const auto* array = node.as_array()) {
    TomlValue::Array elements;
    for (const auto& element : *array) elements.values.push_back(convert(element));
    value.content = std::move(elements);
  }
  return value;
}

}  // namespace

Result<TomlTable> parse_toml(std::string_view text) {
  if (auto place = first_bare_non_ascii(text)) {
    return fail(CliError::bad_config,
                fmt::format("line {}: only strings and comments may have characters beyond ascii", place->line));
  }
  auto parsed = toml::parse(text);
  if (parsed) return convert_table(parsed.table());
  const auto& error = parsed.error();
  return fail(CliError::bad_config, fmt::format("line {}: {}", error.source().begin.line, error.description()));
}

const TomlValue* find_entry(const TomlTable& table, std::string_view key) {
  auto found = std::find_if(table.begin(), table.end(), [&](const auto& entry) { return entry.key == key; });
  return found == table.end() ? nullptr : &found->value;
}

TomlValue* find_entry(TomlTable& table, std::string_view key) {
  return const_cast<TomlValue*>(find_entry(std::as_const(table), key));
}

}  // namespace nym::cli
