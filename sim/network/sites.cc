#include "sim/network/sites.h"

#include <algorithm>

#include "engine/base/check.h"

namespace nym::sim {

Sites::Sites(const Plan& plan) {
  HostNames names(plan);
  for (const auto& site : plan.network.sites) {
    auto nodes = resolve(plan, site.nodes);
    NYM_CHECK(nodes);
    for (auto node : *nodes) named_[names.id(node)] = site.name;
  }
}

std::size_t Sites::site_in(const LatencyMatrix& matrix, HostId host) const {
  auto named = named_.find(host);
  if (named == named_.end()) return host.value % matrix.sites.size();
  auto found = std::find(matrix.sites.begin(), matrix.sites.end(), named->second);
  NYM_CHECK(found != matrix.sites.end());
  return static_cast<std::size_t>(found - matrix.sites.begin());
}

Duration Sites::time_between(const LatencyMatrix& matrix, HostId from, HostId to) const {
  return matrix.times[site_in(matrix, from)][site_in(matrix, to)];
}

}  // namespace nym::sim
