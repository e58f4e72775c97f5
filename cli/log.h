#pragma once

#include <fmt/format.h>

#include <optional>
#include <string>
#include <string_view>

#include "cli/named_values.h"

namespace nym::cli {

enum class LogLevel : std::uint8_t { trace, debug, info, warn, error, off };

/// Which lines are shown: `info`, or `warn,nym_client=debug,nym_client::websocket=off` (env_logger's form): the
/// directive with the longest beginning of a target counts. What cannot be understood is left out.
class LogFilter {
 public:
  LogFilter() = default;  ///< info
  static LogFilter parse(std::string_view text);
  bool shows(LogLevel level, std::string_view target) const;

 private:
  struct Directive {
    std::string target;
    LogLevel level;
  };
  std::vector<Directive> directives_{{"", LogLevel::info}};
};

enum class Colours : std::uint8_t { off, on };

/// One line without its end. `millis` since 1970; `width`: to which targets are padded.
std::string text_log_line(std::int64_t millis, LogLevel level, std::string_view target, std::size_t width,
                          std::string_view message, Colours colours);
std::string json_log_line(std::int64_t millis, LogLevel level, std::string_view target, std::string_view message);

/// Log lines go to stderr. Never a secret, and no payload at the default level.
void set_up_log(LogFormat format, const std::optional<std::string>& filter);

void write_log(LogLevel level, std::string_view target, std::string_view message);

// Targets are the module paths that v1.1.29's lines have, so that filters written for it work.
template <class... Args>
void log_error(std::string_view target, fmt::format_string<Args...> format, Args&&... args) {
  write_log(LogLevel::error, target, fmt::format(format, std::forward<Args>(args)...));
}
template <class... Args>
void log_warn(std::string_view target, fmt::format_string<Args...> format, Args&&... args) {
  write_log(LogLevel::warn, target, fmt::format(format, std::forward<Args>(args)...));
}
template <class... Args>
void log_info(std::string_view target, fmt::format_string<Args...> format, Args&&... args) {
  write_log(LogLevel::info, target, fmt::format(format, std::forward<Args>(args)...));
}
template <class... Args>
void log_debug(std::string_view target, fmt::format_string<Args...> format, Args&&... args) {
  write_log(LogLevel::debug, target, fmt::format(format, std::forward<Args>(args)...));
}

}  // namespace nym::cli
