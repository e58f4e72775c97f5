#pragma once

#include "engine/client/config.h"
#include "sim/plan/key.h"
#include "sim/plan/plan.h"

namespace nym::sim {

// How the kinds of values of a plan file are read and printed.

Codec<std::string> texts();
Codec<std::vector<std::string>> text_lists();
Codec<client::Switch> switches();
Codec<Duration> durations(Duration min = Duration(), Duration max = Duration::max());
Codec<Probability> fractions();
Codec<std::uint64_t> sizes(std::uint64_t min, std::uint64_t max);
Codec<std::uint64_t> byte_rates();
Codec<Rate> rates();
/// Numbers with a fraction, kept as whole numbers of their last digit.
Codec<std::int64_t> decimals(int digits, std::int64_t min, std::int64_t max);
Codec<NodeSet> node_sets();
/// An empty set is `none`.
Codec<NodeSet> optional_node_sets();
Codec<LinkPath> link_paths();
Codec<TimeDistribution> time_distributions();
Codec<SizeDistribution> size_distributions();
Codec<Arrivals> arrival_processes();
Codec<MixStrategy> mix_strategies();
Codec<wire::PacketSize> packet_sizes();
Codec<std::vector<Metric>> metric_lists();
/// One line of the fault grammar.
Codec<Fault> fault_lines();
Codec<std::size_t> client_names();

/// A JSON Schema fragment of one pair.
Node schema_of(std::string key, Node value);
Node with(Node schema, std::string key, Node value);
Read<std::int64_t> read_integer(const Node& node, std::int64_t min, std::int64_t max);

template <class V>
Codec<V> counts(std::uint64_t min, std::uint64_t max) {
  auto lowest = static_cast<std::int64_t>(min);
  auto highest = static_cast<std::int64_t>(max);
  auto schema = with(with(schema_of("type", {"integer"}), "minimum", {lowest}), "maximum", {highest});
  return {{"whole number", fmt::format("{} to {}", min, max), std::move(schema)},
          [lowest, highest](const Node& node) -> Read<V> {
            NYM_TRY(auto number, read_integer(node, lowest, highest));
            return static_cast<V>(number);
          },
          [](const V& value) { return Node{static_cast<std::int64_t>(value)}; }};
}

/// From -most to most.
Codec<std::int64_t> counts_with_sign(std::int64_t most);

/// The word `none` for a value that is not there.
template <class V>
Codec<std::optional<V>> maybe(Codec<V> codec) {
  Node::Array choices;
  choices.push_back(codec.type.schema);
  choices.push_back(schema_of("const", Node{"none"}));
  ValueType type{codec.type.name, codec.type.accepted.empty() ? "or none" : codec.type.accepted + ", or none",
                 schema_of("anyOf", {std::move(choices)})};
  return {std::move(type),
          [read = codec.read](const Node& node) -> Read<std::optional<V>> {
            const auto* text = node.as<std::string>();
            if (text != nullptr && *text == "none") return std::optional<V>();
            NYM_TRY(auto value, read(node));
            return std::optional<V>(std::move(value));
          },
          [write = codec.write](const std::optional<V>& value) { return value ? write(*value) : Node{"none"}; }};
}

template <class V>
struct Named {
  std::string name;
  V value;
};

/// One of some names; errors suggest the nearest.
template <class V>
Codec<V> names(std::vector<Named<V>> all) {
  std::string list;
  Node::Array values;
  for (const auto& one : all) {
    list += (list.empty() ? "" : ", ") + one.name;
    values.push_back(Node{one.name});
  }
  auto read = [all, list](const Node& node) -> Read<V> {
    const auto* text = node.as<std::string>();
    if (text == nullptr) return plan_error(node, fmt::format("expected one of {}, found {}", list, kind_of(node)));
    std::vector<std::string_view> known;
    for (const auto& one : all) {
      if (one.name == *text) return one.value;
      known.emplace_back(one.name);
    }
    auto hint = did_you_mean(*text, known);
    return plan_error(node, fmt::format("'{}' is none of {}{}", *text, list, hint));
  };
  auto write = [all](const V& value) {
    auto found = std::find_if(all.begin(), all.end(), [&](const auto& one) { return one.value == value; });
    return Node{found->name};
  };
  return {{"name", list, schema_of("enum", {std::move(values)})}, read, write};
}

template <class V>
Codec<std::vector<V>> lists(Codec<V> codec) {
  auto schema = with(schema_of("type", {"array"}), "items", codec.type.schema);
  ValueType type{"list of " + codec.type.name + "s", codec.type.accepted, std::move(schema), codec.type.table};
  return {std::move(type),
          [read = codec.read](const Node& node) -> Read<std::vector<V>> {
            const auto* array = node.as<Node::Array>();
            if (array == nullptr) return plan_error(node, fmt::format("expected a list, found {}", kind_of(node)));
            std::vector<V> values;
            for (const auto& element : *array) {
              NYM_TRY(auto value, read(element));
              values.push_back(std::move(value));
            }
            return values;
          },
          [write = codec.write](const std::vector<V>& values) {
            Node::Array array;
            for (const auto& value : values) array.push_back(write(value));
            return Node{std::move(array)};
          }};
}

}  // namespace nym::sim
