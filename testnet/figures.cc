#include "testnet/figures.h"

#include <cstdlib>

namespace nym::testnet {
namespace {

constexpr std::string_view kNodeLabel = "node=\"";

void add_line(Figures& figures, std::string_view line, const std::string& node) {
  auto name_end = line.find_first_of("{ ");
  if (line.empty() || line.front() == '#' || name_end == std::string_view::npos) return;
  auto name = line.substr(0, name_end);
  if (name.ends_with("_bucket")) return;
  auto of = node;
  if (line[name_end] == '{') {
    auto close = line.find('}', name_end);
    if (close == std::string_view::npos) return;
    auto labels = line.substr(name_end, close - name_end);
    auto label = labels.find(kNodeLabel);
    if (label != std::string_view::npos) {
      auto value = labels.substr(label + kNodeLabel.size());
      of = std::string(value.substr(0, value.find('"')));
    }
    name_end = close + 1;
  }
  std::string value(line.substr(std::min(name_end + 1, line.size())));
  figures[of][std::string(name)] += std::strtod(value.c_str(), nullptr);
}

}  // namespace

void add_figures(Figures& figures, std::string_view text, const std::string& node) {
  while (!text.empty()) {
    auto end = std::min(text.find('\n'), text.size());
    add_line(figures, text.substr(0, end), node);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

}  // namespace nym::testnet
