#include "engine/app_api/json_value.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "engine/app_api/utf8.h"

namespace nym::app_api {
namespace {

struct Range {
  char32_t first;
  char32_t last;
};

// Controls, formats, separators, combining marks and private use, as blocks; ascending.
constexpr std::array kUnprintable{
    Range{0x7f, 0xa0},        Range{0xad, 0xad},       Range{0x300, 0x36f},     Range{0x483, 0x489},
    Range{0x591, 0x5bd},      Range{0x600, 0x605},     Range{0x610, 0x61c},     Range{0x64b, 0x65f},
    Range{0x6dd, 0x6dd},      Range{0x70f, 0x70f},     Range{0x1680, 0x1680},   Range{0x180b, 0x180f},
    Range{0x1ab0, 0x1ace},    Range{0x1dc0, 0x1dff},   Range{0x2000, 0x200f},   Range{0x2028, 0x202f},
    Range{0x205f, 0x206f},    Range{0x20d0, 0x20f0},   Range{0x2fff, 0x3000},   Range{0x302a, 0x302f},
    Range{0x3099, 0x309a},    Range{0xd800, 0xf8ff},   Range{0xfb1e, 0xfb1e},   Range{0xfdd0, 0xfdef},
    Range{0xfe00, 0xfe0f},    Range{0xfe20, 0xfe2f},   Range{0xfeff, 0xfeff},   Range{0xfff0, 0xfffb},
    Range{0xfffe, 0xffff},    Range{0x1bca0, 0x1bca3}, Range{0x1d173, 0x1d17a}, Range{0x1fffe, 0x1ffff},
    Range{0xe0000, 0x10ffff},
};

bool is_printable(char32_t c) {
  const auto* range = std::find_if(kUnprintable.begin(), kUnprintable.end(), [c](Range r) { return c <= r.last; });
  return c >= 0x20 && (range == kUnprintable.end() || c < range->first);
}

std::string escaped(char32_t c, std::string_view raw) {
  switch (c) {
    case '\0':
      return "\\0";
    case '\t':
      return "\\t";
    case '\n':
      return "\\n";
    case '\r':
      return "\\r";
    case '"':
      return "\\\"";
    case '\\':
      return "\\\\";
    default:
      break;
  }
  if (is_printable(c)) return std::string(raw);
  return fmt::format("\\u{{{:x}}}", static_cast<std::uint32_t>(c));
}

// The fewest digits that read back as the same number, always written without an exponent.
std::string decimal(double number) {
  std::array<char, 40> buffer{};
  auto written = std::to_chars(buffer.data(), buffer.data() + buffer.size(), number, std::chars_format::scientific);
  std::string_view text(buffer.data(), static_cast<std::size_t>(written.ptr - buffer.data()));

  std::string sign;
  if (text.starts_with('-')) {
    sign = "-";
    text.remove_prefix(1);
  }
  auto split = text.find('e');
  std::string digits(1, text[0]);
  if (split > 2) digits += text.substr(2, split - 2);
  int exponent = 0;
  auto exponent_text = text.substr(split + (text[split + 1] == '+' ? 2 : 1));
  std::from_chars(exponent_text.data(), exponent_text.data() + exponent_text.size(), exponent);

  if (exponent < 0) return sign + "0." + std::string(static_cast<std::size_t>(-exponent - 1), '0') + digits;
  auto whole = static_cast<std::size_t>(exponent) + 1;
  if (digits.size() <= whole) return sign + digits + std::string(whole - digits.size(), '0');
  return sign + digits.substr(0, whole) + "." + digits.substr(whole);
}

struct Describer {
  std::string operator()(JsonNull) const { return "null"; }
  std::string operator()(bool value) const { return fmt::format("boolean `{}`", value); }
  std::string operator()(std::uint64_t value) const { return fmt::format("integer `{}`", value); }
  std::string operator()(std::int64_t value) const { return fmt::format("integer `{}`", value); }
  std::string operator()(double value) const { return fmt::format("floating point `{}`", decimal(value)); }
  std::string operator()(const std::string& value) const { return "string " + quote(value); }
  std::string operator()(JsonArray) const { return "sequence"; }
  std::string operator()(JsonObject) const { return "map"; }
};

}  // namespace

std::string describe(const JsonValue& value) {
  return std::visit(Describer{}, value);
}

std::string quote(std::string_view text) {
  std::string out = "\"";
  while (!text.empty()) {
    auto step = read_utf8(as_bytes(text));
    auto raw = text.substr(0, step.length);
    out += step.character ? escaped(*step.character, raw) : to_lossy_text(as_bytes(raw));
    text.remove_prefix(step.length);
  }
  return out + "\"";
}

}  // namespace nym::app_api
