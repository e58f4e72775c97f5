#include "sim/plan/key.h"

namespace nym::sim::keys {

Read<void> check_names(const Node::Table& entries, const std::vector<std::string_view>& known, std::string_view where) {
  for (const auto& entry : entries) {
    if (std::find(known.begin(), known.end(), entry.key) != known.end()) continue;
    auto text = fmt::format("unknown key '{}'{}{}", entry.key, where.empty() ? "" : fmt::format(" of kind '{}'", where),
                            did_you_mean(entry.key, known));
    return std::unexpected(PlanError{entry.at, {}, std::move(text)});
  }
  return {};
}

Read<std::string> read_kind(const Node& node, const std::vector<std::string_view>& kinds) {
  std::string names;
  for (auto kind : kinds) names += (names.empty() ? "" : ", ") + std::string(kind);
  const auto* entry = find_entry(std::get<Node::Table>(node.content), "kind");
  if (entry == nullptr) return plan_error(node, "the key 'kind' is missing; there are " + names);
  const auto* kind = entry->value.as<std::string>();
  if (kind == nullptr) return plan_error(entry->value, "expected a text, one of " + names);
  if (std::find(kinds.begin(), kinds.end(), *kind) != kinds.end()) return *kind;
  auto hint = did_you_mean(*kind, kinds);
  return plan_error(entry->value,
                    fmt::format("unknown kind '{}'{}", *kind, hint.empty() ? "; there are " + names : hint));
}

}  // namespace nym::sim::keys
