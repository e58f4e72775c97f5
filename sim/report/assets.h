#pragma once

#include "sim/plan/builtin.h"

namespace nym::sim {

/// The files of sim/report/page, and the charting library.
std::span<const BuiltinFile> report_assets();

}  // namespace nym::sim
