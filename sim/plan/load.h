#pragma once

#include <functional>

#include "sim/plan/document.h"
#include "sim/plan/plan.h"
#include "sim/plan/setting.h"

namespace nym::sim {

/// Contents of a file by its path. Error: no_such_file, saying why.
using FileReader = std::function<Result<std::string>(const std::string& path)>;
/// From the disk, at most 256 MiB; `builtin:NAME` is a file that comes with the simulator.
Result<std::string> read_plan_file(const std::string& path);

/// A plan with all it refers to: plans that it extends, traces, matrices; all checked. Files are found beside the one
/// that names them. A path that ends with .json is JSON, any other TOML. Settings stand above what the files say.
/// Error: bad_plan, `file:line:column: ...`; or no_such_file.
Result<Plan> load_plan(const std::string& path, const FileReader& files = read_plan_file,
                       const std::vector<Setting>& settings = {});
/// A text as if it were in a file of that path.
Result<Plan> parse_plan(std::string_view text, const std::string& path, Syntax syntax,
                        const FileReader& files = read_plan_file, const std::vector<Setting>& settings = {});

/// What the parser sees of a plan, with all defaults; parses to the same plan.
std::string print_plan(const Plan& plan, Syntax syntax);

}  // namespace nym::sim
