#pragma once

#include <string>
#include <string_view>

#include "cli/error.h"
#include "engine/base/time.h"

namespace nym::cli {

/// `50ms`, `1s 500ms`, `5min` (04 §2.4). Error: bad_config.
Result<Duration> parse_duration(std::string_view text);
std::string to_text(Duration duration);

}  // namespace nym::cli
