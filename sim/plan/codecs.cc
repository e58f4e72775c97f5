#include "sim/plan/codecs.h"

namespace nym::sim {
namespace {

enum class Numbers : std::uint8_t { refused, accepted };

/// A value with a text form; where it makes sense a bare number means the same as the text.
template <class V, class Parse, class Print>
Codec<V> from_text(std::string name, std::string accepted, Numbers numbers, Parse parse, Print print) {
  Node::Array types;
  types.push_back(Node{"string"});
  types.push_back(Node{"number"});
  auto schema = schema_of("type", numbers == Numbers::accepted ? Node{std::move(types)} : Node{"string"});
  auto expected = accepted.empty() ? name : name + ": " + accepted;
  auto read = [parse, numbers, expected](const Node& node) -> Read<V> {
    const auto* text = node.as<std::string>();
    bool is_number = node.as<std::int64_t>() != nullptr || node.as<Node::Decimal>() != nullptr;
    if (text == nullptr && !(is_number && numbers == Numbers::accepted)) {
      return plan_error(node, fmt::format("expected a text ({}), found {}", expected, kind_of(node)));
    }
    auto value = parse(text != nullptr ? *text : print_value(node));
    if (!value) return plan_error(node, value.error().text());
    return *std::move(value);
  };
  auto write = [print](const V& value) { return Node{print(value)}; };
  return {{std::move(name), std::move(accepted), std::move(schema)}, read, write};
}

}  // namespace

Node schema_of(std::string key, Node value) {
  return {Node::Table{{std::move(key), std::move(value)}}};
}

Node with(Node schema, std::string key, Node value) {
  std::get<Node::Table>(schema.content).push_back({std::move(key), std::move(value)});
  return schema;
}

Read<std::int64_t> read_integer(const Node& node, std::int64_t min, std::int64_t max) {
  const auto* number = node.as<std::int64_t>();
  if (number == nullptr) {
    return plan_error(node, fmt::format("expected a whole number from {} to {}, found {}", min, max, kind_of(node)));
  }
  if (*number < min || *number > max) {
    return plan_error(node, fmt::format("{} is out of range; expected {} to {}", *number, min, max));
  }
  return *number;
}

Codec<std::string> texts() {
  auto read = [](const Node& node) -> Read<std::string> {
    const auto* text = node.as<std::string>();
    if (text == nullptr) return plan_error(node, fmt::format("expected a text, found {}", kind_of(node)));
    return *text;
  };
  return {{"text", "", schema_of("type", {"string"})}, read, [](const std::string& text) { return Node{text}; }};
}

Codec<std::vector<std::string>> text_lists() {
  return lists(texts());
}

Codec<client::Switch> switches() {
  auto read = [](const Node& node) -> Read<client::Switch> {
    const auto* truth = node.as<bool>();
    if (truth == nullptr) return plan_error(node, fmt::format("expected true or false, found {}", kind_of(node)));
    return *truth ? client::Switch::on : client::Switch::off;
  };
  return {{"true or false", "", schema_of("type", {"boolean"})}, read, [](const client::Switch& value) {
            return Node{value == client::Switch::on};
          }};
}

Codec<std::int64_t> counts_with_sign(std::int64_t most) {
  auto schema = with(with(schema_of("type", {"integer"}), "minimum", {-most}), "maximum", {most});
  return {{"whole number", fmt::format("{} to {}", -most, most), std::move(schema)},
          [most](const Node& node) { return read_integer(node, -most, most); },
          [](const std::int64_t& value) { return Node{value}; }};
}

Codec<Duration> durations(Duration min, Duration max) {
  auto parse = [min, max](std::string_view text) -> Result<Duration> {
    NYM_TRY(auto value, parse_duration(text));
    if (value >= min && value <= max) return value;
    auto limit =
        value < min ? fmt::format("shorter than {}", to_text(min)) : fmt::format("longer than {}", to_text(max));
    return fail(SimError::bad_text, fmt::format("'{}' is {}", text, limit));
  };
  auto accepted = min > Duration() ? "at least " + to_text(min) : std::string();
  if (max < Duration::max()) accepted += (accepted.empty() ? "at most " : ", at most ") + to_text(max);
  return from_text<Duration>("duration", accepted, Numbers::refused, parse, [](Duration d) { return to_text(d); });
}

Codec<Probability> fractions() {
  return from_text<Probability>("fraction", "0.05 or 5%", Numbers::accepted, parse_fraction,
                                [](Probability p) { return to_text(p); });
}

Codec<std::uint64_t> sizes(std::uint64_t min, std::uint64_t max) {
  auto parse = [min, max](std::string_view text) -> Result<std::uint64_t> {
    NYM_TRY(auto size, parse_size(text));
    if (size >= min && size <= max) return size;
    return fail(SimError::bad_text,
                fmt::format("{} is out of range; expected {} to {}", text, size_text(min), size_text(max)));
  };
  return from_text<std::uint64_t>("size", fmt::format("{} to {}", size_text(min), size_text(max)), Numbers::accepted,
                                  parse, size_text);
}

Codec<std::uint64_t> byte_rates() {
  return from_text<std::uint64_t>("rate of bytes", "100kB/s", Numbers::refused, parse_byte_rate, byte_rate_text);
}

Codec<Rate> rates() {
  return from_text<Rate>("rate", "10/s or 1/20ms", Numbers::refused, parse_rate,
                         [](Rate rate) { return to_text(rate); });
}

Codec<std::int64_t> decimals(int digits, std::int64_t min, std::int64_t max) {
  auto range = fmt::format("{} to {}", decimal_text(min, digits), decimal_text(max, digits));
  auto read = [digits, min, max, range](const Node& node) -> Read<std::int64_t> {
    bool is_number = node.as<std::int64_t>() != nullptr || node.as<Node::Decimal>() != nullptr;
    if (!is_number) return plan_error(node, fmt::format("expected a number from {}, found {}", range, kind_of(node)));
    auto value = parse_decimal(print_value(node), digits);
    if (!value) return plan_error(node, value.error().text());
    if (*value >= min && *value <= max) return *value;
    return plan_error(node, fmt::format("{} is out of range; expected {}", print_value(node), range));
  };
  auto write = [digits](const std::int64_t& value) { return Node{Node::Decimal{decimal_text(value, digits)}}; };
  return {{"number", range, schema_of("type", {"number"})}, read, write};
}

Codec<NodeSet> node_sets() {
  return from_text<NodeSet>("nodes", "mix1, gw*, c1..c20, layer2, a group or *", Numbers::refused, parse_node_set,
                            [](const NodeSet& set) { return to_text(set); });
}

Codec<NodeSet> optional_node_sets() {
  auto parse = [](std::string_view text) { return text == "none" ? Result<NodeSet>() : parse_node_set(text); };
  return from_text<NodeSet>("nodes", "mix1, mix*, layer2, or none", Numbers::refused, parse,
                            [](const NodeSet& set) { return set.terms.empty() ? std::string("none") : to_text(set); });
}

Codec<LinkPath> link_paths() {
  return from_text<LinkPath>("links", "mix1->gw* or c1<->gw1", Numbers::refused, parse_link_path,
                             [](const LinkPath& path) { return to_text(path); });
}

Codec<TimeDistribution> time_distributions() {
  return from_text<TimeDistribution>(
      "time, drawn",
      "20ms, uniform(a,b), normal(mean,deviation), log-normal(median,sigma), exponential(mean), "
      "matrix(\"file.csv\"), or a sum of them",
      Numbers::refused, parse_time_distribution, [](const TimeDistribution& d) { return to_text(d); });
}

Codec<SizeDistribution> size_distributions() {
  return from_text<SizeDistribution>("size, drawn", "1kB, uniform(min,max), exponential(mean) or list(size,...)",
                                     Numbers::accepted, parse_size_distribution,
                                     [](const SizeDistribution& d) { return to_text(d); });
}

Codec<Arrivals> arrival_processes() {
  return from_text<Arrivals>("arrivals",
                             "poisson(rate), constant(rate), burst(count,every), on-off(rate,on,off) or "
                             "diurnal(low,high,period)",
                             Numbers::refused, parse_arrivals, [](const Arrivals& a) { return to_text(a); });
}

Codec<MixStrategy> mix_strategies() {
  return from_text<MixStrategy>("strategy", "stop-and-go, timed(interval), threshold(packets) or pool(keep,interval)",
                                Numbers::refused, parse_mix_strategy, [](const MixStrategy& s) { return to_text(s); });
}

Codec<wire::PacketSize> packet_sizes() {
  std::vector<Named<wire::PacketSize>> all;
  for (auto size : {wire::PacketSize::regular, wire::PacketSize::extended8, wire::PacketSize::extended16,
                    wire::PacketSize::extended32}) {
    all.push_back({std::string(wire::name_of(size)), size});
  }
  return names(std::move(all));
}

Codec<std::vector<Metric>> metric_lists() {
  std::vector<Named<Metric>> all;
  for (std::size_t i = 0; i < kMetricCount; ++i) {
    auto metric = static_cast<Metric>(i);
    all.push_back({to_string(metric), metric});
  }
  return lists(names(std::move(all)));
}

Codec<Fault> fault_lines() {
  return from_text<Fault>("line", "at 3s for 2s crash mix1", Numbers::refused, parse_fault,
                          [](const Fault& fault) { return to_text(fault); });
}

Codec<std::size_t> client_names() {
  auto parse = [](std::string_view text) -> Result<std::size_t> {
    auto node = parse_node(text);
    if (node && node->kind == NodeKind::client) return node->index;
    return fail(SimError::bad_text, fmt::format("'{}' is no client; write it like c1", text));
  };
  return from_text<std::size_t>("client", "c1", Numbers::refused, parse, [](std::size_t index) {
    return to_text(NodeName{NodeKind::client, static_cast<std::uint32_t>(index)});
  });
}

}  // namespace nym::sim
