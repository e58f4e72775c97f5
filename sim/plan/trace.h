#pragma once

#include "sim/plan/plan.h"

namespace nym::sim {

/// Lines of `time,from,to,bytes`: `0.5,c1,c2,2kB`. Bare times are seconds, bare sizes bytes; a first line of names,
/// empty lines and lines that begin with # do not count. Error: bad_text with the line.
Result<std::vector<PlannedMessage>> parse_trace(std::string_view csv);

}  // namespace nym::sim
