#include "cli/log.h"

#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include <cstdlib>

namespace nym::cli {

void set_up_log() {
  auto logger = spdlog::stderr_color_st("nym");
  if (std::getenv("NO_COLOR") != nullptr) {
    dynamic_cast<spdlog::sinks::stderr_color_sink_st&>(*logger->sinks().front())
        .set_color_mode(spdlog::color_mode::never);
  }
  logger->set_pattern(" %Y-%m-%dT%H:%M:%S.%eZ %^%-5l%$ > %v", spdlog::pattern_time_type::utc);
  const char* level = std::getenv("NYM_LOG");
  if (level == nullptr) level = std::getenv("RUST_LOG");
  logger->set_level(level == nullptr ? spdlog::level::info : spdlog::level::from_str(level));
  spdlog::set_default_logger(std::move(logger));
}

}  // namespace nym::cli
