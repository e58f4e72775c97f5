#pragma once

#include <optional>
#include <string>

#include "sim/plan/plan.h"

namespace nym::sim {

/// The first thing that a plan asks for and a run can not do, in one line; nothing: it can do all.
std::optional<std::string> unsupported(const Plan& plan);

/// A distribution as this executor draws it.
struct LatencyParts {
  Duration fixed;
  Duration mean;  ///< of the exponential part
};
std::optional<LatencyParts> latency_parts(const TimeDistribution& latency);

}  // namespace nym::sim
