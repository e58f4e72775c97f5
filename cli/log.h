#pragma once

namespace nym::cli {

/// Log lines to stderr, filtered by NYM_LOG (or RUST_LOG): off, error, warn, info (default), debug, trace. Never a
/// secret, an address or a payload at the default level.
void set_up_log();

}  // namespace nym::cli
