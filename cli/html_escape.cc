#include "cli/html_escape.h"

#include <algorithm>
#include <array>

namespace nym::cli {
namespace {

struct Escape {
  char character;
  std::string_view entity;
};
constexpr std::array kEscapes = {Escape{'<', "&lt;"},  Escape{'>', "&gt;"},    Escape{'"', "&quot;"},
                                 Escape{'&', "&amp;"}, Escape{'\'', "&#x27;"}, Escape{'`', "&#x60;"},
                                 Escape{'=', "&#x3D;"}};

}  // namespace

std::string html_escaped(std::string_view text) {
  std::string out;
  for (char c : text) {
    auto escape = std::find_if(kEscapes.begin(), kEscapes.end(), [&](const auto& e) { return e.character == c; });
    if (escape == kEscapes.end()) {
      out += c;
    } else {
      out += escape->entity;
    }
  }
  return out;
}

std::string html_unescaped(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    auto escape =
        std::find_if(kEscapes.begin(), kEscapes.end(), [&](const auto& e) { return text.starts_with(e.entity); });
    bool is_plain = escape == kEscapes.end();
    out += is_plain ? text.front() : escape->character;
    text.remove_prefix(is_plain ? 1 : escape->entity.size());
  }
  return out;
}

}  // namespace nym::cli
