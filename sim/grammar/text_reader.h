#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace nym::sim {

/// A text that is read from its beginning; blanks between its parts do not count.
class TextReader {
 public:
  explicit TextReader(std::string_view text) : rest_(text) { skip_blanks(); }

  bool is_at_end() const { return rest_.empty(); }
  char peek() const { return rest_.empty() ? '\0' : rest_.front(); }
  /// Takes it if it comes next; a word only where no letter or digit follows.
  bool take(std::string_view expected);
  /// Up to a blank or one of `stops`; empty if there is nothing before.
  std::string_view word(std::string_view stops);
  /// Up to the character that closes the parenthesis that was opened before, and past it. False: there is none.
  bool inside_parenthesis(std::string_view& inside);
  std::string_view rest() const { return rest_; }
  void skip_blanks();

 private:
  std::string_view rest_;
};

/// Parts between separators outside parentheses and quotes, without blanks around them.
template <class Visitor>
void for_each_part(std::string_view text, char separator, Visitor visit) {
  int depth = 0;
  bool quoted = false;
  std::size_t begin = 0;
  auto trimmed = [](std::string_view part) {
    while (!part.empty() && part.front() == ' ') part.remove_prefix(1);
    while (!part.empty() && part.back() == ' ') part.remove_suffix(1);
    return part;
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '"') quoted = !quoted;
    if (quoted) continue;
    if (text[i] == '(') ++depth;
    if (text[i] == ')') --depth;
    if (text[i] != separator || depth != 0) continue;
    visit(trimmed(text.substr(begin, i - begin)));
    begin = i + 1;
  }
  visit(trimmed(text.substr(begin)));
}

/// `name(a,b)` taken apart; a text without parentheses has a name only.
struct Call {
  std::string_view name;
  std::vector<std::string_view> arguments;
  bool is_well_formed = true;
};
Call read_call(std::string_view text);

}  // namespace nym::sim
