#pragma once

#include <string>

#include "sim/run/run.h"

/// What a run came to, for people and for tools.
namespace nym::sim {

/// What is known of a run beside its plan and its result.
struct RunFacts {
  std::uint64_t seed = 1;
  Fidelity fidelity = Fidelity::model;
  std::string repeat;               ///< the command that does it again
  std::int64_t wall_ms = 0;         ///< how long it took
  std::uint64_t packets_per_s = 0;  ///< Sphinx packets in a second of that
};

/// Of the form of result_json.
inline constexpr int kResultFormat = 1;

/// `pass`, `safety`, `liveness`, or `interrupted`: ended early, and nothing was wrong until then.
const char* verdict_name(const RunResult& result);

/// Everything on one line; docs/simulator.md describes it.
std::string result_json(const Plan& plan, const RunResult& result, const RunFacts& facts);

/// One page for a browser that needs nothing beside it, not even a network. Series with many points are thinned.
std::string report_page(const Plan& plan, const RunResult& result, const RunFacts& facts);

/// Figures, samples, series and timelines in lines of time,metric,series,unit,value; times in seconds, empty for what
/// is about the whole run.
std::string report_csv(const Measurements& measurements);

/// As report_page and report_csv; the file is there as a whole or not at all. Error: cannot_write.
Result<void> write_report(const std::string& path, const Plan& plan, const RunResult& result, const RunFacts& facts);
Result<void> write_csv(const std::string& path, const Measurements& measurements);

}  // namespace nym::sim
