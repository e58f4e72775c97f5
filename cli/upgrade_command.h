#pragma once

#include <string>

#include "cli/error.h"

namespace nym::cli {

/// Brings the files of a client to today's form: an older config.toml is converted, the version in it is set to ours,
/// its gateway_details.json is made, loose permissions are tightened. The old config.toml is kept beside the new one.
/// Errors: not_initialised, bad_config (also for a version newer than ours).
Result<void> upgrade(const std::string& id);

}  // namespace nym::cli
