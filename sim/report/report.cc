#include "sim/report/report.h"

#include "sim/record/output_file.h"

namespace nym::sim {

const char* verdict_name(const RunResult& result) {
  return result.interrupted && result.violations.empty() ? "interrupted" : to_string(result.verdict());
}

Result<void> write_report(const std::string& path, const Plan& plan, const RunResult& result, const RunFacts& facts) {
  return write_output_file(path, report_page(plan, result, facts));
}

Result<void> write_csv(const std::string& path, const Measurements& measurements) {
  return write_output_file(path, report_csv(measurements));
}

}  // namespace nym::sim
