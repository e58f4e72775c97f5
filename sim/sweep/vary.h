#pragma once

#include "sim/plan/setting.h"

namespace nym::sim {

/// A key of the plan and the values that it takes.
struct Axis {
  std::string key;
  std::vector<std::string> values;
};
inline constexpr std::size_t kMostPoints = 100'000;  ///< of all axes together

/// `links.loss=0:0.05:6` (from, to, how many, both ends included; `10ms:50ms:5` too), `network.mixnodes=3,6,9`. Values
/// with commas inside parentheses are one. Error: bad_text.
Result<Axis> parse_axis(std::string_view text);

/// The settings of one point, in the order of the axes.
using Point = std::vector<Setting>;
/// Every value with every other; without axes one point without settings. Error: bad_text, too many.
Result<std::vector<Point>> grid(const std::vector<Axis>& axes);
/// `count` points: of each axis every value is used equally often, in a random order of its own (a Latin hypercube).
Result<std::vector<Point>> latin_hypercube(const std::vector<Axis>& axes, std::size_t count, std::uint64_t seed);

}  // namespace nym::sim
