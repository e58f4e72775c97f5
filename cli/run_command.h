#pragma once

#include "cli/settings.h"

namespace nym::cli {

struct RunOptions {
  std::string id;
  Overrides overrides;
};

/// Runs the client until it is told to stop.
Result<void> run(const RunOptions& options, const Environment& environment);

}  // namespace nym::cli
