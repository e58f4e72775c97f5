#include <fmt/format.h>

#include <charconv>

#include "engine/app_api/utf8.h"
#include "sim/plan/document.h"

namespace nym::sim {
namespace {

constexpr int kMaxDepth = 64;

/// One pass over a JSON text (RFC 8259) that knows where it is.
class JsonReader {
 public:
  JsonReader(std::string_view text, const std::string& file)
      : text_(text), file_(std::make_shared<const std::string>(file)) {}

  Read<Node> document() {
    if (auto bad = first_bad_utf8()) {
      while (at_ < *bad) advance();
      return stop("these bytes are not UTF-8");
    }
    NYM_TRY(auto root, value(0));
    skip_blanks();
    if (at_ < text_.size()) return stop("expected the end of the file");
    if (root.as<Node::Table>() == nullptr) return plan_error(root, "expected an object");
    return root;
  }

 private:
  std::optional<std::size_t> first_bad_utf8() const {
    for (std::size_t i = 0; i < text_.size();) {
      auto step = app_api::read_utf8(as_bytes(text_.substr(i)));
      if (!step.character) return i;
      i += step.length;
    }
    return std::nullopt;
  }
  std::unexpected<PlanError> stop(std::string what) const {
    return std::unexpected(PlanError{here(), {}, std::move(what)});
  }
  Position here() const { return {file_, line_, column_}; }
  char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }

  void advance() {
    char c = text_[at_++];
    bool is_continuation = (static_cast<unsigned char>(c) & 0xc0U) == 0x80U;
    if (c == '\n') {
      ++line_;
      column_ = 1;
    } else if (!is_continuation) {
      ++column_;
    }
  }
  void skip_blanks() {
    while (at_ < text_.size() && std::string_view(" \t\r\n").find(text_[at_]) != std::string_view::npos) advance();
  }
  bool take(char c) {
    skip_blanks();
    if (at_ == text_.size() || text_[at_] != c) return false;
    advance();
    return true;
  }
  bool take_word(std::string_view word) {
    if (!text_.substr(at_).starts_with(word)) return false;
    for (std::size_t i = 0; i < word.size(); ++i) advance();
    return true;
  }

  Read<Node> value(int depth) {
    skip_blanks();
    Node node{Node::Other{}, here()};
    if (depth > kMaxDepth) return stop("nested too deeply");
    if (at_ == text_.size()) return stop("expected a value, found the end of the file");
    if (peek() == '{') {
      NYM_TRY(node.content, table(depth));
    } else if (peek() == '[') {
      NYM_TRY(node.content, array(depth));
    } else if (peek() == '"') {
      NYM_TRY(node.content, string());
    } else if (take_word("true")) {
      node.content = true;
    } else if (take_word("false")) {
      node.content = false;
    } else if (!take_word("null")) {
      NYM_TRY_VOID(number(node));
    }
    return node;
  }

  Read<Node::Table> table(int depth) {
    Node::Table entries;
    advance();
    if (take('}')) return entries;
    do {
      skip_blanks();
      auto at = here();
      if (peek() != '"') return stop("expected a key in quotes");
      NYM_TRY(auto key, string());
      if (find_entry(entries, key) != nullptr) {
        return std::unexpected(PlanError{at, {}, fmt::format("the key '{}' is there twice", key)});
      }
      if (!take(':')) return stop("expected a ':'");
      NYM_TRY(auto content, value(depth + 1));
      entries.push_back({std::move(key), std::move(content), at});
    } while (take(','));
    if (!take('}')) return stop("expected a ',' or a '}'");
    return entries;
  }

  Read<Node::Array> array(int depth) {
    Node::Array elements;
    advance();
    if (take(']')) return elements;
    do {
      NYM_TRY(auto element, value(depth + 1));
      elements.push_back(std::move(element));
    } while (take(','));
    if (!take(']')) return stop("expected a ',' or a ']'");
    return elements;
  }

  Read<std::string> string() {
    std::string out;
    advance();
    while (at_ < text_.size() && peek() != '"') {
      if (static_cast<unsigned char>(peek()) < 0x20) return stop("a control character in a text");
      if (peek() != '\\') {
        out += peek();
        advance();
        continue;
      }
      advance();
      NYM_TRY_VOID(escape(out));
    }
    if (at_ == text_.size()) return stop("a text without an end");
    advance();
    return out;
  }

  Read<void> escape(std::string& out) {
    constexpr std::string_view kNames = "\"\\/bfnrt";
    constexpr std::string_view kMeanings = "\"\\/\b\f\n\r\t";
    auto index = at_ < text_.size() ? kNames.find(peek()) : std::string_view::npos;
    if (index != std::string_view::npos) {
      out += kMeanings[index];
      advance();
      return {};
    }
    if (!take_word("u")) return stop("no such escape");
    NYM_TRY(auto unit, hex_digits());
    if (unit >= 0xdc00 && unit < 0xe000) return stop("half of a surrogate pair");
    if (unit >= 0xd800 && unit < 0xdc00) {
      if (!take_word("\\u")) return stop("half of a surrogate pair");
      NYM_TRY(auto low, hex_digits());
      if (low < 0xdc00 || low >= 0xe000) return stop("half of a surrogate pair");
      unit = 0x10000 + ((unit - 0xd800) << 10U) + (low - 0xdc00);
    }
    append_utf8(out, unit);
    return {};
  }

  Read<std::uint32_t> hex_digits() {
    std::uint32_t unit = 0;
    auto digits = text_.substr(at_, 4);
    auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), unit, 16);
    if (error != std::errc() || end != digits.data() + 4) return stop("expected four hexadecimal digits");
    for (int i = 0; i < 4; ++i) advance();
    return unit;
  }

  static void append_utf8(std::string& out, std::uint32_t character) {
    auto byte = [&](std::uint32_t value) { out += static_cast<char>(value); };
    if (character < 0x80) return byte(character);
    if (character < 0x800) {
      byte(0xc0U | (character >> 6U));
    } else if (character < 0x10000) {
      byte(0xe0U | (character >> 12U));
      byte(0x80U | ((character >> 6U) & 0x3fU));
    } else {
      byte(0xf0U | (character >> 18U));
      byte(0x80U | ((character >> 12U) & 0x3fU));
      byte(0x80U | ((character >> 6U) & 0x3fU));
    }
    byte(0x80U | (character & 0x3fU));
  }

  std::size_t take_digits() {
    std::size_t count = 0;
    for (; peek() >= '0' && peek() <= '9'; ++count) advance();
    return count;
  }

  Read<void> number(Node& node) {
    auto begin = at_;
    bool is_whole = true;
    if (peek() == '-') advance();
    bool begins_with_zero = peek() == '0';
    auto digits = take_digits();
    if (digits == 0 || (begins_with_zero && digits > 1)) return stop("expected a value");
    if (peek() == '.') {
      is_whole = false;
      advance();
      if (take_digits() == 0) return stop("expected digits after the point");
    }
    if (peek() == 'e' || peek() == 'E') return stop("write numbers without an exponent");
    auto text = text_.substr(begin, at_ - begin);
    if (!is_whole) {
      node.content = Node::Decimal{std::string(text)};
      return {};
    }
    std::int64_t whole = 0;
    auto result = std::from_chars(text.data(), text.data() + text.size(), whole);
    if (result.ec != std::errc()) return plan_error(node, "the number is too large");
    node.content = whole;
    return {};
  }

  std::string_view text_;
  std::shared_ptr<const std::string> file_;
  std::size_t at_ = 0;
  std::uint32_t line_ = 1;
  std::uint32_t column_ = 1;
};

}  // namespace

Read<Node> parse_json(std::string_view text, const std::string& file) {
  return JsonReader(text, file).document();
}

}  // namespace nym::sim
