#include "sim/plan/nearest_name.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace nym::sim {
namespace {

constexpr std::size_t kLongestName = 64;

/// Letters that must be added, taken away or changed.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      auto changed = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, changed});
    }
  }
  return row[b.size()];
}

}  // namespace

std::optional<std::string_view> nearest_name(std::string_view name, std::span<const std::string_view> candidates) {
  if (name.empty() || name.size() > kLongestName) return std::nullopt;
  std::optional<std::string_view> best;
  std::size_t limit = std::max<std::size_t>(2, name.size() / 3) + 1;
  for (auto candidate : candidates) {
    bool is_beginning = name.size() > 2 && candidate.starts_with(name);
    auto apart = is_beginning ? 1 : distance(name, candidate.substr(0, kLongestName));
    if (apart >= limit) continue;
    best = candidate;
    limit = apart;
  }
  return best;
}

std::string did_you_mean(std::string_view name, std::span<const std::string_view> candidates) {
  auto near = nearest_name(name, candidates);
  return near ? fmt::format("; did you mean '{}'?", *near) : std::string();
}

}  // namespace nym::sim
