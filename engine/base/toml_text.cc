#include "engine/base/toml_text.h"

namespace nym {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {
    if (text_.starts_with(kByteOrderMark)) at_ = kByteOrderMark.size();
  }

  std::optional<TextPlace> run() {
    while (at_ < text_.size()) {
      char c = text_[at_];
      if (static_cast<unsigned char>(c) >= 0x80U) return place();
      bool is_quote = c == '"' || c == '\'';
      if (c == '#') {
        skip_to('\n');
      } else if (is_quote && may_open_string()) {
        skip_string(c);
      } else {
        ++at_;
      }
    }
    return std::nullopt;
  }

 private:
  /// A quote within a word is a mistake, and what follows it no string.
  bool may_open_string() const {
    return at_ == 0 || std::string_view(" \t\r\n=[{,.").find(text_[at_ - 1]) != std::string_view::npos;
  }
  void skip_to(char end) {
    auto found = text_.find(end, at_);
    at_ = found == std::string_view::npos ? text_.size() : found;
  }
  void skip_string(char quote) {
    bool is_long = at_ + 2 < text_.size() && text_[at_ + 1] == quote && text_[at_ + 2] == quote;
    std::size_t quotes = is_long ? 3 : 1;
    at_ += quotes;
    std::size_t closing = 0;
    for (; at_ < text_.size() && closing < quotes; ++at_) {
      char c = text_[at_];
      if (c == '\n' && !is_long) return;
      if (c == '\\' && quote == '"') ++at_;
      closing = c == quote ? closing + 1 : 0;
    }
    while (is_long && at_ < text_.size() && text_[at_] == quote) ++at_;  // up to two of its own at its end
  }
  TextPlace place() const {
    auto before = text_.substr(0, at_);
    auto last_end = before.rfind('\n');
    std::size_t line = 1;
    for (char c : before) line += c == '\n' ? 1U : 0U;
    return {line, last_end == std::string_view::npos ? at_ + 1 : at_ - last_end};
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace

std::optional<TextPlace> first_bare_non_ascii(std::string_view toml) {
  return Scanner(toml).run();
}

}  // namespace nym
