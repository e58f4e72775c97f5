#pragma once

#include <span>

#include "engine/base/random.h"
#include "engine/topology/topology.h"
#include "net/runtime.h"

namespace nym::cli {

struct LatencyLimits {
  std::size_t at_once = 20;
  Duration connect = Duration::milliseconds(1'500);
  int pings = 3;
  Duration ping = Duration::seconds(1);
};

/// The mean round trip of three pings to a gateway (04 §2.8), or why there is none. In the order of the gateways.
std::vector<Result<Duration>> measure_latencies(net::Runtime& runtime, std::span<const topology::Gateway> gateways,
                                                const LatencyLimits& limits = {});

/// One of the indices, each with a probability in inverse proportion to its latency. `latencies` is not empty.
std::size_t choose_by_latency(std::span<const Duration> latencies, RandomSource& random);

/// As v1.1.29 shows one: `35.497µs`, `1.2ms`, `2s`.
std::string latency_text(Duration latency);

}  // namespace nym::cli
