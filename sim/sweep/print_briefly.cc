#include <algorithm>

#include "sim/plan/load.h"
#include "sim/plan/plan_tables.h"
#include "sim/sweep/shrink.h"

namespace nym::sim {
namespace {

const KeyInfo* find_key(const std::vector<KeyInfo>& keys, std::string_view name) {
  auto found = std::ranges::find(keys, name, &KeyInfo::name);
  return found == keys.end() ? nullptr : &*found;
}

const KeyInfo* find_key(const TableInfo& table, std::string_view name, std::string_view kind) {
  if (const auto* key = find_key(table.keys, name)) return key;
  for (const auto& alternative : table.alternatives) {
    if (alternative.name == kind) return find_key(alternative.keys, name);
  }
  return nullptr;
}

/// Takes out what is as by default.
void prune(Node::Table& entries, const TableInfo& info) {
  const auto* kind = find_entry(entries, "kind");
  auto name = kind == nullptr ? std::string() : *kind->value.as<std::string>();
  std::erase_if(entries, [&](Entry& entry) {
    const auto* key = find_key(info, entry.key, name);
    if (key == nullptr) return false;
    if (!key->type.table) return print_value(entry.value) == key->standard;
    if (auto* table = std::get_if<Node::Table>(&entry.value.content)) {
      prune(*table, *key->type.table);
      return table->empty();
    }
    auto* list = std::get_if<Node::Array>(&entry.value.content);
    if (list == nullptr) return false;
    for (auto& element : *list) {
      if (auto* table = std::get_if<Node::Table>(&element.content)) prune(*table, *key->type.table);
    }
    return list->empty();
  });
}

/// Groups begin with what [client] says: only where they differ do they say more.
void prune_groups(Node::Table& root) {
  auto groups = std::ranges::find(root, "clients", &Entry::key);
  const auto* client = find_entry(root, "client");
  if (groups == root.end() || client == nullptr) return;
  const auto& common = std::get<Node::Table>(client->value.content);
  for (auto& group : std::get<Node::Array>(groups->value.content)) {
    std::erase_if(std::get<Node::Table>(group.content), [&](const Entry& entry) {
      const auto* same = find_entry(common, entry.key);
      if (same != nullptr) return print_value(same->value) == print_value(entry.value);
      return print_value(entry.value) == (entry.key == "name" ? "\"\"" : "\"gw*\"");
    });
  }
}

}  // namespace

std::string print_briefly(const Plan& plan) {
  auto whole = print_plan(plan, Syntax::toml);
  auto document = write_table(plan_table(), plan);
  auto& root = std::get<Node::Table>(document.content);
  prune_groups(root);
  auto groups = std::ranges::find(root, "clients", &Entry::key);
  std::optional<Entry> kept;
  if (groups != root.end()) {
    kept = *groups;  // defaults of a group are those of [client], not those of the table
    root.erase(groups);
  }
  prune(root, describe(plan_table(), Plan{}));
  if (kept) root.push_back(*std::move(kept));
  auto brief = print_document(document, Syntax::toml);
  auto again = parse_plan(brief, plan.name, Syntax::toml);
  return again && print_plan(*again, Syntax::toml) == whole ? brief : whole;
}

}  // namespace nym::sim
