#include "sim/sweep/vary.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/base/wide_int.h"
#include "sim/grammar/quantity.h"
#include "sim/grammar/text_reader.h"
#include "sim/kernel/seeded_random.h"

namespace nym::sim {
namespace {

constexpr int kDigits = 9;
constexpr std::uint64_t kMostSteps = 10'000;

/// A number and the unit behind it.
struct Quantity {
  std::int64_t value = 0;  ///< in units of the last of kDigits
  std::string unit;
};

std::optional<Quantity> read_quantity(std::string_view text) {
  auto end = text.find_first_not_of("-.0123456789");
  auto number = parse_decimal(text.substr(0, end), kDigits);
  if (!number) return std::nullopt;
  return Quantity{*number, end == std::string_view::npos ? std::string() : std::string(text.substr(end))};
}

std::vector<std::string_view> parts_of(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for_each_part(text, separator, [&](std::string_view part) { parts.push_back(part); });
  return parts;
}

/// Nothing: it is no range.
std::optional<std::vector<std::string>> read_range(std::string_view text) {
  auto parts = parts_of(text, ':');
  if (parts.size() != 3) return std::nullopt;
  auto from = read_quantity(parts[0]);
  auto to = read_quantity(parts[1]);
  auto steps = parse_count(parts[2], kMostSteps);
  if (!from || !to || !steps || *steps < 2) return std::nullopt;
  if (from->unit.empty() && from->value == 0) from->unit = to->unit;
  if (from->unit != to->unit) return std::nullopt;
  std::vector<std::string> values;
  auto last = static_cast<Int128>(*steps - 1);
  auto distance = static_cast<Int128>(to->value) - from->value;
  for (std::uint64_t i = 0; i < *steps; ++i) {
    auto value = static_cast<std::int64_t>(from->value + distance * static_cast<Int128>(i) / last);
    values.push_back(decimal_text(value, kDigits) + from->unit);
  }
  return values;
}

std::unexpected<Error> too_many() {
  return fail(SimError::bad_text, fmt::format("these are more than {} points", kMostPoints));
}

}  // namespace

Result<Axis> parse_axis(std::string_view text) {
  NYM_TRY(auto setting, parse_setting(text));
  if (auto range = read_range(setting.value)) return Axis{setting.key, *std::move(range)};
  Axis axis{setting.key, {}};
  for (auto part : parts_of(setting.value, ',')) {
    if (part.empty()) return fail(SimError::bad_text, fmt::format("'{}': a value is missing", text));
    axis.values.emplace_back(part);
  }
  bool looks_like_range = axis.values.size() == 1 && parts_of(setting.value, ':').size() == 3;
  if (!looks_like_range || setting.value.find('"') != std::string::npos) return axis;
  return fail(SimError::bad_text,
              fmt::format("'{}': a range is FROM:TO:STEPS with numbers of one unit and at least 2 steps", text));
}

Result<std::vector<Point>> grid(const std::vector<Axis>& axes) {
  std::vector<Point> points{{}};
  for (const auto& axis : axes) {
    if (axis.values.size() * points.size() > kMostPoints) return too_many();
    std::vector<Point> longer;
    for (const auto& point : points) {
      for (const auto& value : axis.values) {
        longer.push_back(point);
        longer.back().push_back({axis.key, value});
      }
    }
    points = std::move(longer);
  }
  return points;
}

Result<std::vector<Point>> latin_hypercube(const std::vector<Axis>& axes, std::size_t count, std::uint64_t seed) {
  if (count > kMostPoints) return too_many();
  std::vector<Point> points(count);
  SeededRandom random(seed);
  for (const auto& axis : axes) {
    auto stream = random.fork(axis.key);
    std::vector<std::size_t> order;
    for (std::size_t i = 0; i < count; ++i) order.push_back(i * axis.values.size() / count);
    for (std::size_t i = count; i > 1; --i) std::swap(order[i - 1], order[draw_below(*stream, i)]);
    for (std::size_t i = 0; i < count; ++i) points[i].push_back({axis.key, axis.values[order[i]]});
  }
  return points;
}

}  // namespace nym::sim
