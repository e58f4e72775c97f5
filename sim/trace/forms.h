#pragma once

#include "sim/record/output_file.h"
#include "sim/trace/trace.h"

/// The forms of traces (trace.h).
namespace nym::sim {

std::unique_ptr<Trace> make_jsonl_trace(OutputFile file);
std::unique_ptr<Trace> make_pcapng_trace(OutputFile file);

}  // namespace nym::sim
