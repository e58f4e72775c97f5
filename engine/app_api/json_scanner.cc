#include "engine/app_api/json_scanner.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/app_api/json_number.h"
#include "engine/app_api/utf8.h"
#include "engine/base/result.h"

namespace nym::app_api {
namespace {

constexpr std::string_view kEarlyEndOfString = "EOF while parsing a string";
constexpr std::string_view kEarlyEndOfValue = "EOF while parsing a value";
constexpr std::string_view kEarlyEndOfArray = "EOF while parsing a list";
constexpr std::string_view kEarlyEndOfObject = "EOF while parsing an object";
constexpr std::string_view kBadEscape = "invalid escape";
constexpr std::string_view kHalfSurrogatePair = "unexpected end of hex escape";
constexpr std::string_view kLoneSurrogate = "lone leading surrogate in hex escape";

bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_plain(char c) {
  return c != '"' && c != '\\' && static_cast<unsigned char>(c) >= 0x20;
}

std::optional<std::uint32_t> hex_value(char c) {
  if (is_digit(c)) return static_cast<std::uint32_t>(c - '0');
  if (c >= 'a' && c <= 'f') return static_cast<std::uint32_t>(c - 'a' + 10);
  if (c >= 'A' && c <= 'F') return static_cast<std::uint32_t>(c - 'A' + 10);
  return std::nullopt;
}

std::optional<char> simple_escape(char c) {
  switch (c) {
    case '"':
    case '\\':
    case '/':
      return c;
    case 'b':
      return '\b';
    case 'f':
      return '\f';
    case 'n':
      return '\n';
    case 'r':
      return '\r';
    case 't':
      return '\t';
    default:
      return std::nullopt;
  }
}

void append_utf8(std::string& out, char32_t c) {
  auto put = [&out](char32_t byte) { out.push_back(static_cast<char>(static_cast<unsigned char>(byte))); };
  auto put_rest = [&put, c](unsigned shift) { put(0x80U | ((c >> shift) & 0x3fU)); };
  if (c < 0x80) {
    put(c);
  } else if (c < 0x800) {
    put(0xc0U | (c >> 6U));
    put_rest(0);
  } else if (c < 0x10000) {
    put(0xe0U | (c >> 12U));
    put_rest(6);
    put_rest(0);
  } else {
    put(0xf0U | (c >> 18U));
    put_rest(12);
    put_rest(6);
    put_rest(0);
  }
}

}  // namespace

std::optional<char> JsonScanner::peek() const {
  if (at_ == text_.size()) return std::nullopt;
  return text_[at_];
}

std::optional<char> JsonScanner::peek_token() {
  while (at_ < text_.size() && is_space(text_[at_])) ++at_;
  return peek();
}

std::unexpected<std::string> JsonScanner::fault_at(std::size_t consumed, std::string_view what) const {
  auto before = text_.substr(0, consumed);
  auto line = std::count(before.begin(), before.end(), '\n') + 1;
  auto newline = before.rfind('\n');
  auto column = newline == std::string_view::npos ? before.size() : before.size() - newline - 1;
  return std::unexpected(fmt::format("{} at line {} column {}", what, line, column));
}

std::unexpected<std::string> JsonScanner::fault_here(std::string_view what) const {
  return fault_at(at_, what);
}

std::unexpected<std::string> JsonScanner::fault_at_next(std::string_view what) const {
  return fault_at(std::min(at_ + 1, text_.size()), what);
}

std::unexpected<std::string> JsonScanner::fault_after_object(std::string_view what) {
  if (peek_token() == '}') ++at_;
  return fault_here(what);
}

Scan<JsonScanner::Shape> JsonScanner::peek_shape() {
  auto next = peek_token();
  if (!next) return fault_at_next(kEarlyEndOfValue);
  if (next == '[') return Shape::array;
  if (next == '{') return Shape::object;
  return Shape::scalar;
}

Scan<JsonValue> JsonScanner::value(Keep keep) {
  auto next = peek_token();
  if (!next) return fault_at_next(kEarlyEndOfValue);
  switch (*next) {
    case 'n':
      return word("ull", JsonNull{});
    case 't':
      return word("rue", true);
    case 'f':
      return word("alse", false);
    case '[':
      return check_array();
    case '{':
      return check_object();
    case '"':
      return string(keep);
    default:
      break;
  }
  if (*next == '-' || is_digit(*next)) return number();
  return fault_at_next("expected value");
}

Scan<JsonValue> JsonScanner::word(std::string_view rest, JsonValue meaning) {
  ++at_;
  for (char expected : rest) {
    auto next = peek();
    if (!next) return fault_here(kEarlyEndOfValue);
    ++at_;
    if (*next != expected) return fault_here("expected ident");
  }
  return meaning;
}

Scan<JsonValue> JsonScanner::number() {
  auto scanned = scan_number(text_.substr(at_));
  if (!scanned) {
    at_ += scanned.error().consumed;
    return fault_here(scanned.error().what);
  }
  at_ += scanned->length;
  return std::move(scanned->value);
}

Scan<void> JsonScanner::enter() {
  if (depth_ == kMaxDepth) return fault_at_next("recursion limit exceeded");
  ++depth_;
  ++at_;
  return {};
}

void JsonScanner::leave() {
  --depth_;
  ++at_;
}

Scan<bool> JsonScanner::next_element(Place& place) {
  auto next = peek_token();
  if (!next) return fault_at_next(kEarlyEndOfArray);
  if (*next == ']') return false;
  if (place == Place::later) {
    if (*next != ',') return fault_at_next("expected `,` or `]`");
    ++at_;
    next = peek_token();
    if (next == ']') return fault_at_next("trailing comma");
    if (!next) return fault_at_next(kEarlyEndOfValue);
  }
  place = Place::later;
  return true;
}

Scan<std::optional<std::string>> JsonScanner::next_key(Place& place) {
  auto next = peek_token();
  if (!next) return fault_at_next(kEarlyEndOfObject);
  if (*next == '}') return std::nullopt;
  if (place == Place::later) {
    if (*next != ',') return fault_at_next("expected `,` or `}`");
    ++at_;
    next = peek_token();
    if (next == '}') return fault_at_next("trailing comma");
    if (!next) return fault_at_next(kEarlyEndOfValue);
  }
  place = Place::later;
  if (*next != '"') return fault_at_next("key must be a string");
  return string(Keep::contents);
}

Scan<void> JsonScanner::colon() {
  auto next = peek_token();
  if (!next) return fault_at_next(kEarlyEndOfObject);
  if (*next != ':') return fault_at_next("expected `:`");
  ++at_;
  return {};
}

Scan<void> JsonScanner::end_of_text() {
  if (peek_token()) return fault_at_next("trailing characters");
  return {};
}

Scan<JsonValue> JsonScanner::check_array() {
  NYM_TRY_VOID(enter());
  for (Place place = Place::first;;) {
    NYM_TRY(bool has_more, next_element(place));
    if (!has_more) break;
    NYM_TRY_VOID(value(Keep::nothing));
  }
  leave();
  return JsonArray{};
}

Scan<JsonValue> JsonScanner::check_object() {
  NYM_TRY_VOID(enter());
  for (Place place = Place::first;;) {
    NYM_TRY(auto key, next_key(place));
    if (!key) break;
    NYM_TRY_VOID(colon());
    NYM_TRY_VOID(value(Keep::nothing));
  }
  leave();
  return JsonObject{};
}

Scan<std::string> JsonScanner::string(Keep keep) {
  std::size_t begin = ++at_;
  std::string out;
  while (true) {
    std::size_t run = at_;
    while (at_ < text_.size() && is_plain(text_[at_])) ++at_;
    if (keep == Keep::contents) out += text_.substr(run, at_ - run);
    auto stop = peek();
    if (!stop) return fault_here(kEarlyEndOfString);
    ++at_;
    if (*stop == '"') break;
    if (*stop != '\\') return fault_here("control character (\\u0000-\\u001F) found while parsing a string");
    NYM_TRY_VOID(escape(out));
    if (keep == Keep::nothing) out.clear();
  }
  if (utf8_fault(as_bytes(text_.substr(begin, at_ - 1 - begin)))) return fault_here("invalid unicode code point");
  return out;
}

Scan<void> JsonScanner::escape(std::string& out) {
  auto kind = peek();
  if (!kind) return fault_here(kEarlyEndOfString);
  ++at_;
  if (*kind == 'u') {
    NYM_TRY(char32_t c, unicode_escape());
    append_utf8(out, c);
    return {};
  }
  auto c = simple_escape(*kind);
  if (!c) return fault_here(kBadEscape);
  out.push_back(*c);
  return {};
}

Scan<char32_t> JsonScanner::unicode_escape() {
  NYM_TRY(auto high, four_hex_digits());
  if (high >= 0xdc00 && high <= 0xdfff) return fault_here(kLoneSurrogate);
  if (high < 0xd800 || high > 0xdfff) return high;

  for (char expected : std::string_view("\\u")) {
    auto next = peek();
    if (!next) return fault_here(kEarlyEndOfString);
    ++at_;
    if (*next != expected) return fault_here(kHalfSurrogatePair);
  }
  NYM_TRY(auto low, four_hex_digits());
  if (low < 0xdc00 || low > 0xdfff) return fault_here(kLoneSurrogate);
  return 0x10000 + ((high - 0xd800) << 10U) + (low - 0xdc00);
}

Scan<std::uint32_t> JsonScanner::four_hex_digits() {
  if (text_.size() - at_ < 4) {
    at_ = text_.size();
    return fault_here(kEarlyEndOfString);
  }
  std::uint32_t value = 0;
  for (int i = 0; i < 4; ++i) {
    auto digit = hex_value(text_[at_++]);
    if (!digit) return fault_here(kBadEscape);
    value = value * 16 + *digit;
  }
  return value;
}

}  // namespace nym::app_api
