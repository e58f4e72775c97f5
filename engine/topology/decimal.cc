#include "engine/topology/decimal.h"

#include <cstdint>
#include <optional>

namespace nym::topology {
namespace {

__extension__ using Wide = unsigned __int128;

constexpr std::size_t kPlaces = 18;
constexpr Wide kOne = 1'000'000'000'000'000'000U;
constexpr Wide kMax = ~Wide{0};

std::optional<Wide> parse_wide(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  if (text.empty()) return std::nullopt;
  Wide value = 0;
  for (char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    auto digit = static_cast<unsigned>(c - '0');
    if (value > (kMax - digit) / 10) return std::nullopt;
    value = value * 10 + digit;
  }
  return value;
}

/// In units of 10^-18.
std::optional<Wide> parse_decimal(std::string_view text) {
  auto point = text.find('.');
  auto whole = parse_wide(text.substr(0, point));
  if (!whole || *whole > kMax / kOne) return std::nullopt;
  if (point == std::string_view::npos) return *whole * kOne;

  auto digits = text.substr(point + 1);
  auto fraction = parse_wide(digits);
  if (!fraction || digits.size() > kPlaces) return std::nullopt;
  Wide scaled = *fraction;
  for (std::size_t place = digits.size(); place < kPlaces; ++place) scaled *= 10;
  if (scaled > kMax - *whole * kOne) return std::nullopt;
  return *whole * kOne + scaled;
}

}  // namespace

bool is_u128(std::string_view text) {
  return parse_wide(text).has_value();
}
bool is_decimal(std::string_view text) {
  return parse_decimal(text).has_value();
}

bool is_fraction_of_one(std::string_view text) {
  auto value = parse_decimal(text);
  return value && *value <= kOne;
}

}  // namespace nym::topology
