#include <fmt/format.h>

#include "sim/grammar/distribution.h"
#include "sim/grammar/text_reader.h"

namespace nym::sim {
namespace {

constexpr std::size_t kMostSites = 1'000;

std::unexpected<Error> at_line(std::size_t line, const std::string& what) {
  return fail(SimError::bad_text, fmt::format("line {}: {}", line, what));
}

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    auto end = text.find('\n');
    auto line = text.substr(0, end);
    if (line.ends_with('\r')) line.remove_suffix(1);
    lines.push_back(line);
    text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
  }
  return lines;
}

std::vector<std::string_view> cells_of(std::string_view line) {
  std::vector<std::string_view> cells;
  for_each_part(line, ',', [&](std::string_view cell) { cells.push_back(cell); });
  return cells;
}

Result<Duration> parse_time(std::string_view cell) {
  bool has_unit = !cell.empty() && cell.back() == 's';
  NYM_TRY(auto time, parse_duration(has_unit ? std::string(cell) : std::string(cell) + "ms"));
  if (time < Duration()) return fail(SimError::bad_text, fmt::format("'{}' is negative", cell));
  return time;
}

}  // namespace

Result<LatencyMatrix> parse_latency_matrix(std::string_view csv) {
  LatencyMatrix matrix;
  std::size_t number = 0;
  for (auto line : lines_of(csv)) {
    ++number;
    if (line.empty() || line.front() == '#') continue;
    auto cells = cells_of(line);
    if (matrix.sites.empty()) {
      if (cells.size() < 2 || cells.size() > kMostSites) return at_line(number, "expected the names of the sites");
      matrix.sites.assign(cells.begin() + 1, cells.end());
      continue;
    }
    if (matrix.times.size() == matrix.sites.size()) return at_line(number, "more rows than sites");
    if (cells.size() != matrix.sites.size() + 1) {
      return at_line(number, fmt::format("{} times instead of {}", cells.size() - 1, matrix.sites.size()));
    }
    if (cells[0] != matrix.sites[matrix.times.size()]) {
      return at_line(number, fmt::format("expected the row of '{}'", matrix.sites[matrix.times.size()]));
    }
    auto& row = matrix.times.emplace_back();
    for (std::size_t i = 1; i < cells.size(); ++i) {
      auto time = parse_time(cells[i]);
      if (!time) return at_line(number, time.error().text());
      row.push_back(*time);
    }
  }
  if (matrix.sites.empty()) return at_line(1, "expected the names of the sites");
  if (matrix.times.size() < matrix.sites.size()) return at_line(number, "fewer rows than sites");
  return matrix;
}

}  // namespace nym::sim
