#include "cli/duration_text.h"

#include <fmt/format.h>

#include <array>
#include <charconv>

namespace nym::cli {
namespace {

struct Unit {
  std::string_view name;
  std::int64_t ns;
};
constexpr std::int64_t kSecond = 1'000'000'000;
constexpr std::array kUnits = {
    Unit{"nanos", 1},
    Unit{"nsec", 1},
    Unit{"ns", 1},
    Unit{"usec", 1'000},
    Unit{"us", 1'000},
    Unit{"millis", 1'000'000},
    Unit{"msec", 1'000'000},
    Unit{"ms", 1'000'000},
    Unit{"seconds", kSecond},
    Unit{"second", kSecond},
    Unit{"secs", kSecond},
    Unit{"sec", kSecond},
    Unit{"s", kSecond},
    Unit{"minutes", 60 * kSecond},
    Unit{"minute", 60 * kSecond},
    Unit{"min", 60 * kSecond},
    Unit{"mins", 60 * kSecond},
    Unit{"m", 60 * kSecond},
    Unit{"hours", 3'600 * kSecond},
    Unit{"hour", 3'600 * kSecond},
    Unit{"hr", 3'600 * kSecond},
    Unit{"hrs", 3'600 * kSecond},
    Unit{"h", 3'600 * kSecond},
    Unit{"days", 86'400 * kSecond},
    Unit{"day", 86'400 * kSecond},
    Unit{"d", 86'400 * kSecond},
    Unit{"weeks", 604'800 * kSecond},
    Unit{"week", 604'800 * kSecond},
    Unit{"w", 604'800 * kSecond},
    Unit{"months", 2'630'016 * kSecond},
    Unit{"month", 2'630'016 * kSecond},
    Unit{"M", 2'630'016 * kSecond},
    Unit{"years", 31'557'600 * kSecond},
    Unit{"year", 31'557'600 * kSecond},
    Unit{"y", 31'557'600 * kSecond},
};

const Unit* find_unit(std::string_view name) {
  for (const auto& unit : kUnits) {
    if (unit.name == name) return &unit;
  }
  return nullptr;
}

void skip_blanks(std::string_view& text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
}

std::string_view take_letters(std::string_view& text) {
  std::size_t count = 0;
  while (count < text.size() &&
         ((text[count] >= 'a' && text[count] <= 'z') || (text[count] >= 'A' && text[count] <= 'Z'))) {
    ++count;
  }
  auto letters = text.substr(0, count);
  text.remove_prefix(count);
  return letters;
}

}  // namespace

Result<Duration> parse_duration(std::string_view text) {
  auto bad = [original = std::string(text)] {
    return fail(CliError::bad_config, fmt::format("'{}' is no duration; write it like 50ms or 1s 500ms", original));
  };
  std::int64_t total = 0;
  skip_blanks(text);
  if (text.empty()) return bad();
  while (!text.empty()) {
    std::int64_t count = 0;
    auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
    if (error != std::errc() || text.front() == '-') return bad();
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    skip_blanks(text);
    const Unit* unit = find_unit(take_letters(text));
    std::int64_t part = 0;
    if (unit == nullptr || __builtin_mul_overflow(count, unit->ns, &part) ||
        __builtin_add_overflow(total, part, &total)) {
      return bad();
    }
    skip_blanks(text);
  }
  return Duration::nanoseconds(total);
}

std::string to_text(Duration duration) {
  constexpr std::array kParts = {Unit{"year", 31'557'600 * kSecond},
                                 Unit{"month", 2'630'016 * kSecond},
                                 Unit{"day", 86'400 * kSecond},
                                 Unit{"h", 3'600 * kSecond},
                                 Unit{"m", 60 * kSecond},
                                 Unit{"s", kSecond},
                                 Unit{"ms", 1'000'000},
                                 Unit{"us", 1'000},
                                 Unit{"ns", 1}};
  std::string text;
  std::int64_t rest = duration.ns();
  for (const auto& part : kParts) {
    std::int64_t count = rest / part.ns;
    rest %= part.ns;
    if (count == 0) continue;
    bool plural = part.name.size() > 2 && count > 1;
    text += fmt::format("{}{}{}{}", text.empty() ? "" : " ", count, part.name, plural ? "s" : "");
  }
  return text.empty() ? "0s" : text;
}

}  // namespace nym::cli
