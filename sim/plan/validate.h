#pragma once

#include "sim/plan/plan.h"

namespace nym::sim {

/// What is impossible though each key by itself is right, and where: `workload.1.from` is a key of the second
/// [[workload]].
struct Problem {
  std::string path;
  std::string text;
};
std::optional<Problem> first_problem(const Plan& plan);

}  // namespace nym::sim
