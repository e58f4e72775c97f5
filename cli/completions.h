#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace nym::cli {

enum class Shell : std::uint8_t { bash, elvish, fish, powershell, zsh };
std::optional<Shell> shell_named(std::string_view name);

/// A script that completes `nym-client`: its commands, their options (hidden ones too) and the values of those that
/// have a list of them.
std::string completions_for(Shell shell);

/// The same for Fig, as TypeScript (04 §1.5.5).
std::string fig_spec();

}  // namespace nym::cli
