#include "net/metrics/role_metrics.h"

namespace nym::net {

std::string RoleMetrics::scrape() {
  process_.refresh();
  refresh();
  return metrics_.text();
}

}  // namespace nym::net
