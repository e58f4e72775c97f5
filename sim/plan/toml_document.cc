#include <fmt/format.h>

// toml++ 3.3 takes for granted what a text such as "[." breaks: it stops there in debug builds, and in others the
// behaviour is undefined. Without these claims it reports an error.
#undef NDEBUG
#define TOML_ASSERT(expression) static_assert(true)
#include <toml++/toml.h>

#include <algorithm>

#include "engine/base/toml_text.h"
#include "sim/plan/document.h"

namespace nym::sim {
namespace {

using File = std::shared_ptr<const std::string>;

Position position_of(const toml::source_region& source, const File& file) {
  return {file, std::max<std::uint32_t>(source.begin.line, 1), std::max<std::uint32_t>(source.begin.column, 1)};
}

Node convert(const toml::node& node, const File& file);

Node::Table convert_table(const toml::table& table, const File& file) {
  Node::Table entries;
  for (const auto& [key, node] : table) {
    entries.push_back({std::string(key.str()), convert(node, file), position_of(key.source(), file)});
  }
  std::sort(entries.begin(), entries.end(), [](const auto& a, const auto& b) {
    return std::pair(a.at.line, a.at.column) < std::pair(b.at.line, b.at.column);
  });
  return entries;
}

Node convert(const toml::node& node, const File& file) {
  Node value{Node::Other{}, position_of(node.source(), file)};
  if (auto text = node.value_exact<std::string>()) {
    value.content = *std::move(text);
  } else if (auto number = node.value_exact<std::int64_t>()) {
    value.content = *number;
  } else if (auto real = node.value_exact<double>()) {
    value.content = Node::Decimal{fmt::format("{}", *real)};  // the shortest text that means the same
  } else if (auto truth = node.value_exact<bool>()) {
    value.content = *truth;
  } else if (const auto* table = node.as_table()) {
    value.content = convert_table(*table, file);
  } else if (const auto* array = node.as_array()) {
    Node::Array elements;
    for (const auto& element : *array) elements.push_back(convert(element, file));
    value.content = std::move(elements);
  }
  return value;
}

}  // namespace

Read<Node> parse_toml(std::string_view text, const std::string& file) {
  auto name = std::make_shared<const std::string>(file);
  if (auto place = first_bare_non_ascii(text)) {
    return std::unexpected(
        PlanError{{name, static_cast<std::uint32_t>(place->line), static_cast<std::uint32_t>(place->column)},
                  {},
                  "only strings and comments may have characters beyond ascii"});
  }
  auto parsed = toml::parse(text);
  if (parsed) return Node{convert_table(parsed.table(), name), {name, 1, 1}};
  const auto& error = parsed.error();
  std::string what(error.description());
  std::replace(what.begin(), what.end(), '\n', ' ');
  return std::unexpected(PlanError{position_of(error.source(), name), {}, what});
}

}  // namespace nym::sim
