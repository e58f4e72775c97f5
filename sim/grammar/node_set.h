#pragma once

#include <limits>
#include <string>
#include <vector>

#include "sim/grammar/error.h"

namespace nym::sim {

enum class NodeKind : std::uint8_t { mixnode, gateway, client };

/// One node: `mix1`, `gw1`, `c1` are the first of their kinds, which have index 0.
struct NodeName {
  NodeKind kind{};
  std::uint32_t index = 0;
  friend auto operator<=>(const NodeName&, const NodeName&) = default;
};
std::string to_text(NodeName name);
Result<NodeName> parse_node(std::string_view text);

/// Part of a set as it is written; what it means depends on the network.
struct NodeTerm {
  enum class Kind : std::uint8_t {
    range,  ///< `mix1`, `c1..c20`, `gw*`
    layer,  ///< `layer2`: the mixnodes of a layer
    group,  ///< `alice`: the clients of a group
    all     ///< `*`
  };
  static constexpr std::uint32_t kToTheEnd = std::numeric_limits<std::uint32_t>::max();

  Kind kind = Kind::all;
  NodeKind nodes{};         ///< of a range
  std::uint32_t first = 0;  ///< index, or the number of the layer (1..)
  std::uint32_t last = 0;   ///< index, included
  std::string group{};
  friend bool operator==(const NodeTerm&, const NodeTerm&) = default;
};

/// Union of its terms: `mix1,gw*,c1..c20`.
struct NodeSet {
  std::vector<NodeTerm> terms;
  friend bool operator==(const NodeSet&, const NodeSet&) = default;

  static NodeSet every(NodeKind kind) { return {{{NodeTerm::Kind::range, kind, 0, NodeTerm::kToTheEnd, {}}}}; }
  static NodeSet one(NodeName node) { return {{{NodeTerm::Kind::range, node.kind, node.index, node.index, {}}}}; }
};
/// Error: bad_text.
Result<NodeSet> parse_node_set(std::string_view text);
std::string to_text(const NodeSet& set);

enum class Direction : std::uint8_t { one_way, both_ways };

/// Links from every node of one set to every node of another: `mix1->gw*`, `c1<->gw1`.
struct LinkPath {
  NodeSet from;
  NodeSet to;
  Direction direction = Direction::one_way;
  friend bool operator==(const LinkPath&, const LinkPath&) = default;
};
Result<LinkPath> parse_link_path(std::string_view text);
std::string to_text(const LinkPath& path);

}  // namespace nym::sim
