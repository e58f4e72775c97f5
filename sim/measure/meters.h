#pragma once

#include <memory>

#include "sim/measure/measurements.h"

namespace nym::sim {

/// The metrics of a plan and those that its expectations are about; each once, in the order of the enumeration.
std::vector<Metric> measured_metrics(const Plan& plan);

/// A meter for each of measured_metrics that is not about anonymity. The plan must outlive them. What each one gives:
///
/// | metric        | figures                                                    | series and more |
/// |---------------|------------------------------------------------------------|---------------------------------------|
/// | latency       | latency_p50, _p95, _p99, _mean, _max, latency_messages     | latency_mean; samples latency | |
/// goodput       | goodput, goodput_messages, delivered_bytes                 | goodput                               |
/// | overhead      | overhead, link_bytes, link_bytes.KIND                      | link_bytes.KIND | | node-load     |
/// load.NODE                                                  | load.NODE                             | | queue-depth
/// | those of the series, .max and .mean                        | held.MIX, inbox.GATEWAY, queued.CLIENT,
/// queued.clients | | drops         | drops.WHERE.REASON                                         | the same | |
/// surb-stock    | surbs_created, _received, _used, _requested; .max and .mean | surbs.CLIENT, surbs.clients,
/// reply_keys.clients | | cover-rate    | main_stream_ratio, loop_cover_ratio, cover_share, sent.KIND | sent.KIND,
/// cover_share                | | client-states | ready_share                                                |
/// timelines                             |
std::vector<std::unique_ptr<Meter>> make_meters(const Plan& plan);

}  // namespace nym::sim
