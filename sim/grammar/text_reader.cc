#include "sim/grammar/text_reader.h"

namespace nym::sim {
namespace {

bool is_word_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

}  // namespace

void TextReader::skip_blanks() {
  while (!rest_.empty() && rest_.front() == ' ') rest_.remove_prefix(1);
}

bool TextReader::take(std::string_view expected) {
  if (!rest_.starts_with(expected)) return false;
  bool goes_on =
      rest_.size() > expected.size() && is_word_character(expected.back()) && is_word_character(rest_[expected.size()]);
  if (goes_on) return false;
  rest_.remove_prefix(expected.size());
  skip_blanks();
  return true;
}

std::string_view TextReader::word(std::string_view stops) {
  std::size_t length = 0;
  while (length < rest_.size() && rest_[length] != ' ' && stops.find(rest_[length]) == std::string_view::npos) ++length;
  auto taken = rest_.substr(0, length);
  rest_.remove_prefix(length);
  skip_blanks();
  return taken;
}

bool TextReader::inside_parenthesis(std::string_view& inside) {
  int depth = 1;
  bool quoted = false;
  for (std::size_t i = 0; i < rest_.size(); ++i) {
    if (rest_[i] == '"') quoted = !quoted;
    if (quoted) continue;
    if (rest_[i] == '(') ++depth;
    if (rest_[i] == ')' && --depth == 0) {
      inside = rest_.substr(0, i);
      rest_.remove_prefix(i + 1);
      skip_blanks();
      return true;
    }
  }
  return false;
}

Call read_call(std::string_view text) {
  TextReader reader(text);
  Call call;
  call.name = reader.word("(");
  if (reader.is_at_end()) return call;
  std::string_view inside;
  call.is_well_formed = reader.take("(") && reader.inside_parenthesis(inside) && reader.is_at_end();
  if (!call.is_well_formed) return call;
  for_each_part(inside, ',', [&](std::string_view part) { call.arguments.push_back(part); });
  return call;
}

}  // namespace nym::sim
