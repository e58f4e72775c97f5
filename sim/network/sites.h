#pragma once

#include "sim/network/host_id.h"

namespace nym::sim {

/// Where hosts are, for latencies from a matrix: as the plan says, the others dealt over the matrix's sites in turn.
class Sites {
 public:
  explicit Sites(const Plan& plan);

  Duration time_between(const LatencyMatrix& matrix, HostId from, HostId to) const;

 private:
  std::size_t site_in(const LatencyMatrix& matrix, HostId host) const;

  std::map<HostId, std::string> named_;
};

}  // namespace nym::sim
