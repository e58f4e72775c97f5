#include "engine/topology/version.h"

#include <algorithm>
#include <charconv>

namespace nym::topology {
namespace {

constexpr std::string_view kBlanks = " \t\r\n\v\f";

std::string_view trim(std::string_view text) {
  auto first = text.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

/// Cuts what stands before `separator` off `rest`; all of it when there is none.
std::string_view take_part(std::string_view& rest, char separator) {
  auto at = rest.find(separator);
  auto part = rest.substr(0, at);
  rest.remove_prefix(at == std::string_view::npos ? rest.size() : at + 1);
  return part;
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_identifier_character(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-';
}

bool has_leading_zero(std::string_view digits) {
  return digits.size() > 1 && digits[0] == '0';
}

std::optional<std::uint64_t> parse_number(std::string_view digits) {
  if (digits.empty() || !std::all_of(digits.begin(), digits.end(), is_digit) || has_leading_zero(digits)) {
    return std::nullopt;
  }
  std::uint64_t value = 0;
  auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  return value;
}

enum class LeadingZeros { allowed, refused };

/// Identifiers between dots, of a pre-release or a build.
bool are_identifiers(std::string_view text, LeadingZeros zeros) {
  for (;;) {
    auto dot = text.find('.');
    auto part = text.substr(0, dot);
    if (part.empty() || !std::all_of(part.begin(), part.end(), is_identifier_character)) return false;
    bool is_number = std::all_of(part.begin(), part.end(), is_digit);
    if (zeros == LeadingZeros::refused && is_number && has_leading_zero(part)) return false;
    if (dot == std::string_view::npos) return true;
    text.remove_prefix(dot + 1);
  }
}

}  // namespace

std::optional<MajorMinor> parse_version(std::string_view text) {
  text = trim(text);
  if (auto plus = text.find('+'); plus != std::string_view::npos) {
    if (!are_identifiers(text.substr(plus + 1), LeadingZeros::allowed)) return std::nullopt;
    text = text.substr(0, plus);
  }
  if (auto dash = text.find('-'); dash != std::string_view::npos) {
    if (!are_identifiers(text.substr(dash + 1), LeadingZeros::refused)) return std::nullopt;
    text = text.substr(0, dash);
  }
  auto major = parse_number(take_part(text, '.'));
  auto minor = parse_number(take_part(text, '.'));
  auto patch = parse_number(text);
  if (!major || !minor || !patch) return std::nullopt;
  return MajorMinor{*major, *minor};
}

}  // namespace nym::topology
