#pragma once

#include <fmt/format.h>

#include "sim/sweep/record.h"

namespace nym::sim::test {

/// Of a run of hello that passed.
inline RunRecord a_record(std::uint64_t seed) {
  RunRecord record;
  record.engine = engine_version();
  record.plan = "hello";
  record.plan_hash = "0123456789abcdef";
  record.seed = seed;
  record.events = 10;
  record.packets = 5;
  record.fingerprint = fmt::format("{:016x}", seed);
  record.simulated = Duration::seconds(3);
  record.wall_ms = 4;
  record.repeat = fmt::format("nym-sim run hello --seed {} --fidelity model", seed);
  return record;
}

inline RunRecord a_failure(std::uint64_t seed, RunVerdict verdict, const std::string& text) {
  auto record = a_record(seed);
  record.verdict = verdict;
  record.findings = {{verdict, Duration(), text}};
  return record;
}

}  // namespace nym::sim::test
