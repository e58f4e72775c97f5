#pragma once

#include <memory>

#include "sim/measure/measurements.h"

/// One meter a metric (meters.h).
namespace nym::sim {

std::unique_ptr<Meter> make_latency_meter(const Plan& plan);
std::unique_ptr<Meter> make_goodput_meter(const Plan& plan);
std::unique_ptr<Meter> make_overhead_meter(const Plan& plan);
std::unique_ptr<Meter> make_node_load_meter(const Plan& plan);
std::unique_ptr<Meter> make_queue_depth_meter(const Plan& plan);
std::unique_ptr<Meter> make_drops_meter(const Plan& plan);
std::unique_ptr<Meter> make_surb_stock_meter(const Plan& plan);
std::unique_ptr<Meter> make_cover_rate_meter(const Plan& plan);
std::unique_ptr<Meter> make_client_states_meter(const Plan& plan);

}  // namespace nym::sim
