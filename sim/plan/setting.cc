#include "sim/plan/setting.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace nym::sim {
namespace {

std::unexpected<PlanError> setting_error(const Setting& setting, const Node& value, std::string text) {
  return std::unexpected(PlanError{value.at, setting.key, std::move(text)});
}

void move_to(Node& node, const Position& at) {
  node.at = at;
  if (auto* array = std::get_if<Node::Array>(&node.content)) {
    for (auto& element : *array) move_to(element, at);
  }
  if (auto* table = std::get_if<Node::Table>(&node.content)) {
    for (auto& entry : *table) {
      entry.at = at;
      move_to(entry.value, at);
    }
  }
}

Node value_of(const Setting& setting) {
  Node value{setting.value};
  auto read = parse_toml("value = " + setting.value, "setting");
  const auto* table = read ? read->as<Node::Table>() : nullptr;
  if (table != nullptr && table->size() == 1) value = table->front().value;
  move_to(value, {std::make_shared<const std::string>("setting"), 1, 1});
  return value;
}

/// The place below a node that one part of a key names; made where a table has none.
Read<Node*> step(Node& node, std::string_view part, const Setting& setting, const Node& value) {
  if (auto* table = std::get_if<Node::Table>(&node.content)) {
    auto found = std::ranges::find(*table, part, &Entry::key);
    if (found != table->end()) return &found->value;
    table->push_back({std::string(part), Node{Node::Table{}, value.at}, value.at});
    return &table->back().value;
  }
  auto* array = std::get_if<Node::Array>(&node.content);
  if (array == nullptr) return setting_error(setting, value, fmt::format("there are no keys below {}", kind_of(node)));
  std::size_t index = 0;
  auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), index);
  if (error != std::errc() || end != part.data() + part.size()) {
    return setting_error(setting, value, fmt::format("'{}' is no number of an element of a list", part));
  }
  if (index >= array->size()) {
    return setting_error(setting, value, fmt::format("there is no element {}, the list has {}", index, array->size()));
  }
  return &(*array)[index];
}

/// Groups say nothing of their own about a key that was set for all of them.
void clear_in_groups(Node& root, const std::string& key) {
  constexpr std::string_view kClient = "client.";
  if (!key.starts_with(kClient)) return;
  auto& table = std::get<Node::Table>(root.content);
  auto groups = std::ranges::find(table, "clients", &Entry::key);
  auto* list = groups == table.end() ? nullptr : std::get_if<Node::Array>(&groups->value.content);
  if (list == nullptr) return;
  for (auto& group : *list) {
    auto* entries = std::get_if<Node::Table>(&group.content);
    if (entries != nullptr) std::erase_if(*entries, [&](const Entry& one) { return kClient.data() + one.key == key; });
  }
}

}  // namespace

Result<Setting> parse_setting(std::string_view text) {
  auto equals = text.find('=');
  auto expected = [&] {
    return fail(SimError::bad_text, fmt::format("'{}': expected a key and its value, as in links.loss=5%", text));
  };
  if (equals == std::string_view::npos || equals == 0 || equals + 1 == text.size()) return expected();
  Setting setting{std::string(text.substr(0, equals)), std::string(text.substr(equals + 1))};
  bool has_empty_part = setting.key.starts_with('.') || setting.key.ends_with('.') || setting.key.contains("..");
  bool has_lines = setting.value.find_first_of("\r\n") != std::string::npos;
  if (has_empty_part || has_lines) return expected();
  return setting;
}

std::string to_text(const Setting& setting) {
  return setting.key + "=" + setting.value;
}

Read<void> apply_setting(const Setting& setting, Node& root) {
  auto value = value_of(setting);
  Node* node = &root;
  std::string_view rest = setting.key;
  while (!rest.empty()) {
    auto part = rest.substr(0, rest.find('.'));
    NYM_TRY(node, step(*node, part, setting, value));
    rest.remove_prefix(std::min(rest.size(), part.size() + 1));
  }
  *node = std::move(value);
  clear_in_groups(root, setting.key);
  return {};
}

}  // namespace nym::sim
