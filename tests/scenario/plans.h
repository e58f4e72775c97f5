#pragma once

#include "sim/plan/builtin.h"
#include "sim/run/run.h"

namespace nym::sim {

/// The messages of a plan whose only workload is a schedule, as hello is.
inline std::vector<PlannedMessage>& messages_of(Plan& plan) {
  return std::get<ScheduleWorkload>(plan.workloads.at(0).kind).messages;
}

inline NodeSet node(NodeKind kind, std::size_t index) {
  return NodeSet::one({kind, static_cast<std::uint32_t>(index)});
}

/// For messages of failed tests.
inline std::string why(const RunResult& result) {
  return result.violations.empty() ? "nothing is wrong" : result.violations.front().text;
}

}  // namespace nym::sim
