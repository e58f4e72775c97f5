#pragma once

#include <nlohmann/json.hpp>

#include "sim/report/report.h"

namespace nym::sim {

/// How much of the series a result carries.
struct Detail {
  std::size_t points;  ///< in all series together; each keeps at least 60
  std::size_t series;  ///< the first ones of each metric
};

nlohmann::json result_object(const Plan& plan, const RunResult& result, const RunFacts& facts,
                             const std::optional<Detail>& detail);
/// On one line, in ASCII; what is not UTF-8 in a name is replaced.
std::string text_of(const nlohmann::json& object);

}  // namespace nym::sim
