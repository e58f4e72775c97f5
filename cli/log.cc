#include "cli/log.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "cli/url_list.h"

namespace nym::cli {
namespace {

struct LevelFacts {
  LogLevel level;
  std::string_view name;
  std::string_view shown;
  int colour;
};
constexpr std::array kLevels = {
    LevelFacts{LogLevel::trace, "trace", "TRACE", 35}, LevelFacts{LogLevel::debug, "debug", "DEBUG", 34},
    LevelFacts{LogLevel::info, "info", "INFO", 32},    LevelFacts{LogLevel::warn, "warn", "WARN", 33},
    LevelFacts{LogLevel::error, "error", "ERROR", 31}, LevelFacts{LogLevel::off, "off", "OFF", 0}};

std::optional<LogLevel> level_named(std::string_view name) {
  auto same = [](char a, char b) { return (a | 0x20) == (b | 0x20); };
  for (const auto& facts : kLevels) {
    bool is_it = facts.name.size() == name.size() && std::equal(name.begin(), name.end(), facts.name.begin(), same);
    if (is_it) return facts.level;
  }
  return std::nullopt;
}

const LevelFacts& facts_of_level(LogLevel level) {
  return kLevels[static_cast<std::size_t>(level)];
}

std::string timestamp(std::int64_t millis) {
  std::time_t seconds = static_cast<std::time_t>(millis / 1'000);
  std::tm utc{};
  gmtime_r(&seconds, &utc);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", utc.tm_year + 1'900, utc.tm_mon + 1, utc.tm_mday,
                     utc.tm_hour, utc.tm_min, utc.tm_sec, millis % 1'000);
}

// A peer's text must not make lines of its own, nor reach the terminal.
std::string on_one_line(std::string_view message) {
  std::string out;
  for (char c : message) {
    auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7f) {
      out += fmt::format("\\x{:02x}", byte);
    } else {
      out += c;
    }
  }
  return out;
}

/// What the process's lines look like; there is one stderr.
struct LogState {
  LogFormat format = LogFormat::text;
  LogFilter filter;
  Colours colours = Colours::off;
  std::size_t width = 0;
};
LogState& log_state() {
  static LogState state;
  return state;
}

}  // namespace

LogFilter LogFilter::parse(std::string_view text) {
  LogFilter filter;
  filter.directives_.clear();
  text = text.substr(0, text.find('/'));
  for (auto piece : split_at_commas(text)) {
    auto equals = piece.find('=');
    auto target = trimmed(piece.substr(0, equals));
    if (equals == std::string_view::npos) {
      auto level = level_named(target);
      if (level) {
        filter.directives_.push_back({"", *level});
      } else if (!target.empty()) {
        filter.directives_.push_back({std::string(target), LogLevel::trace});
      }
    } else if (auto level = level_named(trimmed(piece.substr(equals + 1)))) {
      filter.directives_.push_back({std::string(target), *level});
    }
  }
  if (filter.directives_.empty()) return {};
  return filter;
}

bool LogFilter::shows(LogLevel level, std::string_view target) const {
  const Directive* best = nullptr;
  for (const auto& directive : directives_) {
    bool is_better = best == nullptr || directive.target.size() >= best->target.size();
    if (target.starts_with(directive.target) && is_better) best = &directive;
  }
  return best != nullptr && best->level != LogLevel::off && level >= best->level;
}

std::string text_log_line(std::int64_t millis, LogLevel level, std::string_view target, std::size_t width,
                          std::string_view message, Colours colours) {
  const auto& facts = facts_of_level(level);
  auto shown_level = fmt::format("{:<5}", facts.shown);
  auto shown_target = fmt::format("{:<{}}", target, width);
  if (colours == Colours::on) {
    shown_level = fmt::format("\x1b[{}m{}\x1b[0m", facts.colour, shown_level);
    shown_target = fmt::format("\x1b[1m{}\x1b[0m", shown_target);
  }
  return fmt::format(" {} {} {} > {}", timestamp(millis), shown_level, shown_target, on_one_line(message));
}

std::string json_log_line(std::int64_t millis, LogLevel level, std::string_view target, std::string_view message) {
  nlohmann::ordered_json line{
      {"time", timestamp(millis)}, {"level", facts_of_level(level).name}, {"target", target}, {"message", message}};
  return line.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

void set_up_log(LogFormat format, const std::optional<std::string>& filter) {
  bool coloured = isatty(STDERR_FILENO) != 0 && std::getenv("NO_COLOR") == nullptr;
  log_state() = {format, filter ? LogFilter::parse(*filter) : LogFilter(), coloured ? Colours::on : Colours::off, 0};
}

void write_log(LogLevel level, std::string_view target, std::string_view message) {
  auto& state = log_state();
  if (!state.filter.shows(level, target)) return;
  auto since_1970 = std::chrono::system_clock::now().time_since_epoch();
  auto millis = std::chrono::duration_cast<std::chrono::milliseconds>(since_1970).count();
  state.width = std::max(state.width, target.size());
  auto line = state.format == LogFormat::json
                  ? json_log_line(millis, level, target, message)
                  : text_log_line(millis, level, target, state.width, message, state.colours);
  line += '\n';
  (void)!::write(STDERR_FILENO, line.data(), line.size());
}

}  // namespace nym::cli
