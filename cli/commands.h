#pragma once

#include <span>
#include <string>

namespace nym::cli {

/// The whole program: `arguments` without its name. Returns the exit code: 0, 1 for an error of what was asked for, 2
/// for arguments that make no sense.
int run_program(std::span<const std::string> arguments);

}  // namespace nym::cli
