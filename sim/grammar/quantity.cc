#include "sim/grammar/quantity.h"

#include <fmt/format.h>

#include <array>
#include <span>

#include "sim/grammar/text_reader.h"

namespace nym::sim {
namespace {

struct Unit {
  std::string_view name;
  std::int64_t size;  ///< of the smallest unit
};
constexpr std::int64_t kSecond = 1'000'000'000;
// From large to small, as they are printed.
constexpr std::array kTimes = {Unit{"d", 86'400 * kSecond},
                               Unit{"h", 3'600 * kSecond},
                               Unit{"m", 60 * kSecond},
                               Unit{"s", kSecond},
                               Unit{"ms", 1'000'000},
                               Unit{"us", 1'000},
                               Unit{"ns", 1}};
constexpr std::array kSizes = {Unit{"GB", 1'000'000'000}, Unit{"MB", 1'000'000}, Unit{"kB", 1'000}, Unit{"B", 1}};
constexpr std::array kBinarySizes = {Unit{"GiB", 1 << 30}, Unit{"MiB", 1 << 20}, Unit{"KiB", 1 << 10}};
constexpr int kFractionDigits = 9;
constexpr std::int64_t kWhole = 1'000'000'000;  ///< a fraction of one, in its digits
/// More time than any simulation has; a bound that keeps sums of times from overflowing.
constexpr Duration kLongest = Duration::hours(std::int64_t{24} * 36'500);
constexpr std::int64_t kLargestSize = std::int64_t{1} << 50U;

std::unexpected<Error> no(std::string_view what, std::string_view text) {
  return fail(SimError::bad_text, fmt::format("'{}' is no {}", text, what));
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// Digits with an optional fraction at the beginning of a text.
struct Number {
  std::int64_t whole = 0;
  std::int64_t fraction = 0;
  std::int64_t scale = 1;  ///< 10 to the digits of the fraction
};

std::optional<Number> take_number(std::string_view& text) {
  Number number;
  std::size_t digits = 0;
  auto take_digits = [&](std::int64_t& into, std::int64_t* scale) {
    std::size_t count = 0;
    for (; !text.empty() && is_digit(text.front()); text.remove_prefix(1), ++count) {
      if (__builtin_mul_overflow(into, 10, &into) || __builtin_add_overflow(into, text.front() - '0', &into))
        return false;
      if (scale != nullptr && __builtin_mul_overflow(*scale, 10, scale)) return false;
    }
    digits += count;
    return count > 0;
  };
  if (!take_digits(number.whole, nullptr)) return std::nullopt;
  if (!text.starts_with('.')) return number;
  text.remove_prefix(1);
  return take_digits(number.fraction, &number.scale) ? std::optional(number) : std::nullopt;
}

/// The number times `unit`, only if that is whole.
std::optional<std::int64_t> times(const Number& number, std::int64_t unit) {
  std::int64_t whole = 0;
  std::int64_t part = 0;
  if (__builtin_mul_overflow(number.whole, unit, &whole) || __builtin_mul_overflow(number.fraction, unit, &part)) {
    return std::nullopt;
  }
  if (part % number.scale != 0 || __builtin_add_overflow(whole, part / number.scale, &whole)) return std::nullopt;
  return whole;
}

std::string_view take_letters(std::string_view& text) {
  std::size_t count = 0;
  while (count < text.size() &&
         ((text[count] >= 'a' && text[count] <= 'z') || (text[count] >= 'A' && text[count] <= 'Z')))
    ++count;
  auto letters = text.substr(0, count);
  text.remove_prefix(count);
  return letters;
}

const Unit* find_unit(std::span<const Unit> units, std::string_view name) {
  for (const auto& unit : units) {
    if (unit.name == name) return &unit;
  }
  return nullptr;
}

/// In the largest unit that it is a whole number of.
std::string in_one_unit(std::int64_t value, std::span<const Unit> units) {
  for (const auto& unit : units) {
    if (value != 0 && value % unit.size == 0) return fmt::format("{}{}", value / unit.size, unit.name);
  }
  return {};
}

}  // namespace

Result<Duration> parse_duration(std::string_view text) {
  auto bad = [original = text] { return no("duration; write it like 50ms, 1.5s or 1m 30s", original); };
  std::int64_t total = 0;
  std::string_view rest = text;
  bool is_negative = rest.starts_with('-');
  if (is_negative) rest.remove_prefix(1);
  do {
    auto number = take_number(rest);
    const Unit* unit = find_unit(kTimes, take_letters(rest));
    if (!number || unit == nullptr) return bad();
    auto part = times(*number, unit->size);
    if (!part || __builtin_add_overflow(total, *part, &total)) return bad();
    while (rest.starts_with(' ')) rest.remove_prefix(1);
  } while (!rest.empty());
  if (total > kLongest.ns()) return fail(SimError::bad_text, fmt::format("'{}' is longer than a hundred years", text));
  return Duration::nanoseconds(is_negative ? -total : total);
}

std::string to_text(Duration duration) {
  if (duration == Duration()) return "0s";
  return in_one_unit(duration.ns(), kTimes);
}

Result<Rate> parse_rate(std::string_view text) {
  auto bad = [&] { return no("rate; write it like 10/s or 1/20ms", text); };
  std::string_view rest = text;
  auto number = take_number(rest);
  if (!number || !rest.starts_with('/')) return bad();
  rest.remove_prefix(1);
  auto per = !rest.empty() && is_digit(rest.front()) ? parse_duration(rest) : parse_duration("1" + std::string(rest));
  if (!per) return bad();
  auto count = times(*number, number->scale);
  auto scaled = *per * number->scale;
  if (!count || *count <= 0 || scaled <= Duration() || scaled > kLongest) return bad();
  return Rate{static_cast<std::uint64_t>(*count), scaled};
}

std::string to_text(Rate rate) {
  auto per = to_text(rate.per);
  bool is_one = per.size() > 1 && per.front() == '1' && !is_digit(per[1]);
  return fmt::format("{}/{}", rate.count, is_one ? std::string_view(per).substr(1) : per);
}

Result<std::uint64_t> parse_size(std::string_view text) {
  std::string_view rest = text;
  auto number = take_number(rest);
  auto name = take_letters(rest);
  const Unit* unit = find_unit(kSizes, name.empty() ? "B" : name);
  if (unit == nullptr) unit = find_unit(kBinarySizes, name);
  auto bytes = number && unit != nullptr && rest.empty() ? times(*number, unit->size) : std::nullopt;
  if (!bytes || *bytes > kLargestSize) return no("size; write it like 512B, 1kB or 1.5MiB", text);
  return static_cast<std::uint64_t>(*bytes);
}

std::string size_text(std::uint64_t bytes) {
  auto value = static_cast<std::int64_t>(bytes);
  if (value % 1'000 != 0) {
    auto binary = in_one_unit(value, kBinarySizes);
    if (!binary.empty()) return binary;
  }
  return value == 0 ? "0B" : in_one_unit(value, kSizes);
}

Result<std::uint64_t> parse_byte_rate(std::string_view text) {
  auto bad = [&] { return no("rate of bytes; write it like 100kB/s", text); };
  if (!text.ends_with("/s")) return bad();
  auto bytes = parse_size(text.substr(0, text.size() - 2));
  if (!bytes || *bytes == 0) return bad();
  return *bytes;
}

std::string byte_rate_text(std::uint64_t bytes_per_second) {
  return size_text(bytes_per_second) + "/s";
}

Result<Probability> parse_fraction(std::string_view text) {
  std::string_view rest = text;
  auto number = take_number(rest);
  bool is_percent = rest == "%";
  auto parts = number ? times(*number, is_percent ? kWhole / 100 : kWhole) : std::nullopt;
  bool is_fraction = parts && (is_percent || rest.empty()) && *parts <= kWhole;
  if (!is_fraction) return no("part of a whole; write it like 5% or 0.05, at most 100%", text);
  auto product = static_cast<std::uint64_t>(*parts) << 32U;
  return Probability{(product + kWhole / 2) / kWhole};
}

std::string to_text(Probability fraction) {
  auto parts = (fraction.parts * kWhole + (std::uint64_t{1} << 31U)) >> 32U;
  return decimal_text(static_cast<std::int64_t>(parts), kFractionDigits - 2) + "%";
}

Result<std::int64_t> parse_decimal(std::string_view text, int digits) {
  std::int64_t unit = 1;
  for (int i = 0; i < digits; ++i) unit *= 10;
  std::string_view rest = text;
  bool is_negative = rest.starts_with('-');
  if (is_negative) rest.remove_prefix(1);
  auto number = take_number(rest);
  auto value = number && rest.empty() ? times(*number, unit) : std::nullopt;
  if (!value) return no(fmt::format("number with at most {} digits after the point", digits), text);
  return is_negative ? -*value : *value;
}

std::string decimal_text(std::int64_t value, int digits) {
  std::int64_t unit = 1;
  for (int i = 0; i < digits; ++i) unit *= 10;
  auto magnitude = value < 0 ? -value : value;
  auto text = fmt::format("{}{}", value < 0 ? "-" : "", magnitude / unit);
  if (magnitude % unit == 0) return text;
  auto fraction = fmt::format("{:0{}}", magnitude % unit, digits);
  fraction.erase(fraction.find_last_not_of('0') + 1);
  return text + "." + fraction;
}

Result<std::uint64_t> parse_count(std::string_view text, std::uint64_t max) {
  std::string_view rest = text;
  auto number = take_number(rest);
  bool is_count = number && rest.empty() && number->scale == 1;
  if (!is_count || static_cast<std::uint64_t>(number->whole) > max) {
    return no(fmt::format("whole number of at most {}", max), text);
  }
  return static_cast<std::uint64_t>(number->whole);
}

}  // namespace nym::sim
