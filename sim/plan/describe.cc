#include "sim/plan/describe.h"

#include <fmt/format.h>

#include "sim/plan/codecs.h"
#include "sim/plan/plan_tables.h"

namespace nym::sim {
namespace {

Node schema_of_table(const TableInfo& table);

Node schema_of_key(const KeyInfo& key) {
  bool is_list = key.type.name.starts_with("list");
  Node schema = key.type.schema;
  if (key.type.table) {
    schema = schema_of_table(*key.type.table);
    if (is_list) schema = with(schema_of("type", {"array"}), "items", std::move(schema));
  }
  auto accepted = key.type.accepted.empty() ? "" : fmt::format(" ({})", key.type.accepted);
  return with(std::move(schema), "description", {key.meaning + accepted});
}

Node::Table properties_of(const std::vector<KeyInfo>& keys) {
  Node::Table properties;
  for (const auto& key : keys) properties.push_back({key.name, schema_of_key(key)});
  return properties;
}

Node object_with(Node::Table properties) {
  auto schema = with(schema_of("type", {"object"}), "properties", {std::move(properties)});
  return with(std::move(schema), "additionalProperties", {false});
}

Node schema_of_table(const TableInfo& table) {
  if (table.alternatives.empty()) return object_with(properties_of(table.keys));
  Node::Array choices;
  for (const auto& alternative : table.alternatives) {
    Node::Table properties{{"kind", schema_of("const", {alternative.name})}};
    for (const auto* keys : {&table.keys, &alternative.keys}) {
      for (auto& property : properties_of(*keys)) properties.push_back(std::move(property));
    }
    Node::Array required;
    required.push_back({"kind"});
    auto choice = with(object_with(std::move(properties)), "required", {std::move(required)});
    choices.push_back(with(std::move(choice), "description", {alternative.meaning}));
  }
  return schema_of("oneOf", {std::move(choices)});
}

std::string cell(std::string_view text) {
  std::string out;
  for (char c : text) out += c == '|' ? std::string("\\|") : std::string(1, c);
  return out;
}

std::string rows_of(const std::vector<KeyInfo>& keys) {
  std::string out = "| key | value | default | meaning |\n|---|---|---|---|\n";
  for (const auto& key : keys) {
    if (key.type.table && !key.type.name.starts_with("list")) continue;
    auto accepted = key.type.accepted.empty() ? "" : ": " + key.type.accepted;
    bool has_default = !key.standard.empty() && key.standard != "\"\"" && key.standard != "[]";
    auto standard = has_default ? fmt::format("`{}`", key.standard) : std::string();
    out += fmt::format("| `{}` | {} | {} | {} |\n", key.name, cell(key.type.name + accepted), cell(standard),
                       cell(key.meaning));
  }
  return out;
}

std::string section_of(const std::string& title, const TableInfo& table, const std::string& meaning) {
  std::string out = fmt::format("#### `{}`\n\n{}\n\n", title, meaning);
  if (!table.keys.empty()) out += rows_of(table.keys) + "\n";
  for (const auto& alternative : table.alternatives) {
    out += fmt::format("`kind = \"{}\"`: {}\n\n{}\n", alternative.name, alternative.meaning, rows_of(alternative.keys));
  }
  return out;
}

}  // namespace

std::string plan_schema() {
  auto info = describe(plan_table(), Plan{});
  auto schema =
      with(schema_of("$schema", {"https://json-schema.org/draft/2020-12/schema"}), "title", {"a plan of nym-sim"});
  auto body = schema_of_table(info);
  for (auto& entry : std::get<Node::Table>(body.content)) {
    schema = with(std::move(schema), entry.key, std::move(entry.value));
  }
  return print_document(schema, Syntax::json);
}

std::string plan_reference() {
  auto info = describe(plan_table(), Plan{});
  std::vector<KeyInfo> head;
  std::string sections;
  for (const auto& key : info.keys) {
    if (!key.type.table) {
      head.push_back(key);
      continue;
    }
    bool is_list = key.type.name.starts_with("list");
    auto title = is_list ? fmt::format("[[{}]]", key.name) : fmt::format("[{}]", key.name);
    sections += section_of(title, *key.type.table, key.meaning);
  }
  auto text = "#### At the top of the file\n\n" + rows_of(head) + "\n" + sections;
  text.pop_back();
  return text;
}

}  // namespace nym::sim
