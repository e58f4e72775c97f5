#include "sim/plan/trace.h"

#include <fmt/format.h>

#include "sim/grammar/text_reader.h"

namespace nym::sim {
namespace {

constexpr std::size_t kColumns = 4;

Result<std::size_t> client_of(std::string_view cell) {
  NYM_TRY(auto node, parse_node(cell));
  if (node.kind == NodeKind::client) return std::size_t{node.index};
  return fail(SimError::bad_text, fmt::format("'{}' is no client", cell));
}

Result<PlannedMessage> parse_row(std::string_view line) {
  std::vector<std::string_view> cells;
  for_each_part(line, ',', [&](std::string_view cell) { cells.push_back(cell); });
  if (cells.size() != kColumns) {
    return fail(SimError::bad_text, fmt::format("{} columns instead of time,from,to,bytes", cells.size()));
  }
  bool has_unit = !cells[0].empty() && cells[0].back() >= 'a';
  PlannedMessage message;
  NYM_TRY(message.at, parse_duration(has_unit ? std::string(cells[0]) : std::string(cells[0]) + "s"));
  if (message.at < Duration()) return fail(SimError::bad_text, fmt::format("'{}' is negative", cells[0]));
  NYM_TRY(message.from, client_of(cells[1]));
  NYM_TRY(message.to, client_of(cells[2]));
  NYM_TRY(message.bytes, parse_size(cells[3]));
  if (message.bytes == 0) return fail(SimError::bad_text, "a message of no bytes");
  return message;
}

}  // namespace

Result<std::vector<PlannedMessage>> parse_trace(std::string_view csv) {
  std::vector<PlannedMessage> messages;
  for (std::size_t number = 1; !csv.empty(); ++number) {
    auto end = csv.find('\n');
    auto line = csv.substr(0, end);
    csv = end == std::string_view::npos ? std::string_view() : csv.substr(end + 1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    bool is_head = number == 1 && line.starts_with("time");
    if (line.empty() || line.front() == '#' || is_head) continue;
    auto message = parse_row(line);
    if (!message) return fail(SimError::bad_text, fmt::format("line {}: {}", number, message.error().text()));
    messages.push_back(*std::move(message));
  }
  if (messages.empty()) return fail(SimError::bad_text, "line 1: no messages");
  return messages;
}

}  // namespace nym::sim
