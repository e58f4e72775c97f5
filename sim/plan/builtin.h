#pragma once

#include <span>

#include "sim/plan/plan.h"

namespace nym::sim {

/// A file of sim/scenarios; all of them are part of the program.
struct BuiltinFile {
  std::string_view name;  ///< `hello.toml`
  std::string_view text;
};
std::span<const BuiltinFile> builtin_files();
std::optional<std::string_view> builtin_file(std::string_view name);

/// The scenarios that come with the simulator, by name.
const std::vector<Plan>& builtin_plans();
const Plan* find_builtin_plan(std::string_view name);

}  // namespace nym::sim
