#include "sim/plan/document.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/base/overloaded.h"

namespace nym::sim {
namespace {

std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (char c : text) {
    auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += fmt::format("\\{}", c);
    } else if (c == '\n') {
      out += "\\n";
    } else if (byte < 0x20 || byte == 0x7f) {
      out += fmt::format("\\u{:04x}", byte);
    } else {
      out += c;
    }
  }
  return out + "\"";
}

std::string inline_array(const Node::Array& array) {
  std::string out;
  for (const auto& element : array) out += (out.empty() ? "" : ", ") + print_value(element);
  return "[" + out + "]";
}

std::string inline_table(const Node::Table& table) {
  std::string out;
  for (const auto& [key, value, at] : table) {
    out += fmt::format("{} {} = {}", out.empty() ? "" : ",", key, print_value(value));
  }
  return table.empty() ? "{}" : "{" + out + " }";
}

bool is_list_of_tables(const Node& node) {
  const auto* array = node.as<Node::Array>();
  return array != nullptr && !array->empty() && array->front().as<Node::Table>() != nullptr;
}

// A list that does not fit into a line has a line for each element.
void print_toml_entry(std::string& out, const Entry& entry) {
  constexpr std::size_t kLine = 100;
  auto text = print_value(entry.value);
  const auto* array = entry.value.as<Node::Array>();
  if (array == nullptr || text.size() <= kLine) {
    out += fmt::format("{} = {}\n", entry.key, text);
    return;
  }
  out += entry.key + " = [\n";
  for (const auto& element : *array) out += fmt::format("  {},\n", print_value(element));
  out += "]\n";
}

std::string print_toml(const Node::Table& root) {
  std::string out;
  for (const auto& entry : root) {
    if (entry.value.as<Node::Table>() == nullptr && !is_list_of_tables(entry.value)) print_toml_entry(out, entry);
  }
  for (const auto& [key, value, at] : root) {
    if (const auto* table = value.as<Node::Table>()) {
      out += fmt::format("\n[{}]\n", key);
      for (const auto& entry : *table) print_toml_entry(out, entry);
    }
    if (!is_list_of_tables(value)) continue;
    for (const auto& element : std::get<Node::Array>(value.content)) {
      out += fmt::format("\n[[{}]]\n", key);
      for (const auto& entry : std::get<Node::Table>(element.content)) print_toml_entry(out, entry);
    }
  }
  return out;
}

void print_json(std::string& out, const Node& node, std::size_t depth);

template <class List, class PrintElement>
void print_json_list(std::string& out, const List& list, char open, char close, std::size_t depth,
                     PrintElement print_element) {
  if (list.empty()) {
    out += {open, close};
    return;
  }
  out += open;
  bool is_first = true;
  for (const auto& element : list) {
    out += fmt::format("{}\n{:{}}", is_first ? "" : ",", "", 2 * (depth + 1));
    is_first = false;
    print_element(element);
  }
  out += fmt::format("\n{:{}}{}", "", 2 * depth, close);
}

void print_json(std::string& out, const Node& node, std::size_t depth) {
  if (const auto* table = node.as<Node::Table>()) {
    return print_json_list(out, *table, '{', '}', depth, [&](const Entry& entry) {
      out += quoted(entry.key) + ": ";
      print_json(out, entry.value, depth + 1);
    });
  }
  if (const auto* array = node.as<Node::Array>()) {
    return print_json_list(out, *array, '[', ']', depth, [&](const Node& one) { print_json(out, one, depth + 1); });
  }
  out += print_value(node);
}

}  // namespace

std::string to_text(const Position& position) {
  return fmt::format("{}:{}:{}", position.file ? *position.file : std::string("plan"), position.line, position.column);
}

std::string_view kind_of(const Node& node) {
  return std::visit(Overloaded{
                        [](const std::string&) { return "a text"; },
                        [](std::int64_t) { return "a whole number"; },
                        [](const Node::Decimal&) { return "a number"; },
                        [](bool) { return "true or false"; },
                        [](const Node::Array&) { return "a list"; },
                        [](const Node::Table&) { return "a table"; },
                        [](const Node::Other&) { return "a date, a time or null"; },
                    },
                    node.content);
}

const Entry* find_entry(const Node::Table& table, std::string_view key) {
  auto found = std::find_if(table.begin(), table.end(), [&](const auto& entry) { return entry.key == key; });
  return found == table.end() ? nullptr : &*found;
}

std::unexpected<PlanError> plan_error(const Node& node, std::string text) {
  return std::unexpected(PlanError{node.at, {}, std::move(text)});
}

Error to_error(const PlanError& error) {
  auto path = error.path.empty() ? "" : error.path + ": ";
  return {SimError::bad_plan, fmt::format("{}: {}{}", to_text(error.at), path, error.text)};
}

Read<Node> parse_document(std::string_view text, const std::string& file, Syntax syntax) {
  return syntax == Syntax::toml ? parse_toml(text, file) : parse_json(text, file);
}

std::string print_value(const Node& value) {
  return std::visit(Overloaded{
                        [](const std::string& text) { return quoted(text); },
                        [](std::int64_t number) { return fmt::format("{}", number); },
                        [](const Node::Decimal& number) { return number.text; },
                        [](bool truth) -> std::string { return truth ? "true" : "false"; },
                        [](const Node::Array& array) { return inline_array(array); },
                        [](const Node::Table& table) { return inline_table(table); },
                        [](const Node::Other&) -> std::string { return "null"; },
                    },
                    value.content);
}

std::string print_document(const Node& root, Syntax syntax) {
  if (syntax == Syntax::toml) return print_toml(std::get<Node::Table>(root.content));
  std::string out;
  print_json(out, root, 0);
  return out + "\n";
}

}  // namespace nym::sim
