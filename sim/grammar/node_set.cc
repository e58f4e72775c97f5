#include "sim/grammar/node_set.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "sim/grammar/quantity.h"
#include "sim/grammar/text_reader.h"

namespace nym::sim {
namespace {

struct Prefix {
  std::string_view text;
  NodeKind kind;
};
constexpr std::array kPrefixes = {Prefix{"mix", NodeKind::mixnode}, Prefix{"gw", NodeKind::gateway},
                                  Prefix{"c", NodeKind::client}};
constexpr std::uint64_t kHighestNumber = 4'000'000;

std::string_view prefix_of(NodeKind kind) {
  auto found =
      std::find_if(kPrefixes.begin(), kPrefixes.end(), [&](const auto& prefix) { return prefix.kind == kind; });
  return found->text;
}

bool is_numeral(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

std::optional<NodeName> node_named(std::string_view text) {
  for (const auto& prefix : kPrefixes) {
    if (!text.starts_with(prefix.text) || !is_numeral(text.substr(prefix.text.size()))) continue;
    auto number = parse_count(text.substr(prefix.text.size()), kHighestNumber);
    if (!number || *number == 0) return std::nullopt;
    return NodeName{prefix.kind, static_cast<std::uint32_t>(*number - 1)};
  }
  return std::nullopt;
}

bool is_group_name(std::string_view text) {
  auto is_allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
  };
  bool begins_well = !text.empty() && ((text[0] >= 'a' && text[0] <= 'z') || (text[0] >= 'A' && text[0] <= 'Z'));
  return begins_well && text.find("->") == std::string_view::npos && text.back() != '-' &&
         std::all_of(text.begin(), text.end(), is_allowed);
}

std::unexpected<Error> no_node(std::string_view text) {
  return fail(
      SimError::bad_text,
      fmt::format("'{}' names no nodes; write them like mix1, gw*, c1..c20, layer2, a group's name or *", text));
}

Result<NodeTerm> parse_range(std::string_view text, std::size_t dots) {
  auto first = node_named(text.substr(0, dots));
  auto last = node_named(text.substr(dots + 2));
  if (!first || !last || first->kind != last->kind || first->index > last->index) return no_node(text);
  return NodeTerm{NodeTerm::Kind::range, first->kind, first->index, last->index, {}};
}

Result<NodeTerm> parse_term(std::string_view text) {
  if (text == "*") return NodeTerm{};
  for (const auto& prefix : kPrefixes) {
    bool is_every = text.size() == prefix.text.size() + 1 && text.starts_with(prefix.text) && text.back() == '*';
    if (is_every) return NodeSet::every(prefix.kind).terms[0];
  }
  if (auto dots = text.find(".."); dots != std::string_view::npos) return parse_range(text, dots);
  if (auto node = node_named(text)) return NodeSet::one(*node).terms[0];
  constexpr std::string_view kLayer = "layer";
  if (text.starts_with(kLayer) && is_numeral(text.substr(kLayer.size()))) {
    NYM_TRY(auto number, parse_count(text.substr(kLayer.size()), kHighestNumber));
    return NodeTerm{NodeTerm::Kind::layer, NodeKind::mixnode, static_cast<std::uint32_t>(number), 0, {}};
  }
  for (const auto& prefix : kPrefixes) {
    if (text.starts_with(prefix.text) && is_numeral(text.substr(prefix.text.size()))) return no_node(text);
  }
  if (!is_group_name(text)) return no_node(text);
  return NodeTerm{NodeTerm::Kind::group, NodeKind::client, 0, 0, std::string(text)};
}

std::string term_text(const NodeTerm& term) {
  switch (term.kind) {
    case NodeTerm::Kind::all:
      return "*";
    case NodeTerm::Kind::layer:
      return fmt::format("layer{}", term.first);
    case NodeTerm::Kind::group:
      return term.group;
    case NodeTerm::Kind::range:
      break;
  }
  if (term.first == 0 && term.last == NodeTerm::kToTheEnd) return fmt::format("{}*", prefix_of(term.nodes));
  auto first = to_text(NodeName{term.nodes, term.first});
  return term.first == term.last ? first : first + ".." + to_text(NodeName{term.nodes, term.last});
}

}  // namespace

std::string to_text(NodeName name) {
  return fmt::format("{}{}", prefix_of(name.kind), std::uint64_t{name.index} + 1);
}

Result<NodeName> parse_node(std::string_view text) {
  auto node = node_named(text);
  if (!node) return fail(SimError::bad_text, fmt::format("'{}' is no node; write it like mix1, gw1 or c1", text));
  return *node;
}

Result<NodeSet> parse_node_set(std::string_view text) {
  NodeSet set;
  std::optional<Error> fault;
  for_each_part(text, ',', [&](std::string_view part) {
    auto term = parse_term(part);
    if (term) return set.terms.push_back(*std::move(term));
    if (!fault) fault = std::move(term).error();
  });
  if (fault) return std::unexpected(*std::move(fault));
  return set;
}

std::string to_text(const NodeSet& set) {
  std::string out;
  for (const auto& term : set.terms) out += (out.empty() ? "" : ",") + term_text(term);
  return out;
}

Result<LinkPath> parse_link_path(std::string_view text) {
  auto both = text.find("<->");
  auto arrow = both == std::string_view::npos ? text.find("->") : both;
  if (arrow == std::string_view::npos) {
    return fail(SimError::bad_text, fmt::format("'{}' names no links; write them like mix1->gw* or c1<->gw1", text));
  }
  std::size_t length = both == std::string_view::npos ? 2 : 3;
  NYM_TRY(auto from, parse_node_set(text.substr(0, arrow)));
  NYM_TRY(auto to, parse_node_set(text.substr(arrow + length)));
  return LinkPath{std::move(from), std::move(to), length == 2 ? Direction::one_way : Direction::both_ways};
}

std::string to_text(const LinkPath& path) {
  return to_text(path.from) + (path.direction == Direction::one_way ? "->" : "<->") + to_text(path.to);
}

}  // namespace nym::sim
