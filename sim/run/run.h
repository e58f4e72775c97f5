#pragma once

#include <atomic>
#include <functional>
#include <vector>

#include "engine/base/probe.h"
#include "sim/measure/measurements.h"
#include "sim/record/observer.h"
#include "sim/record/verdict.h"

/// One run of one plan, from beginning to verdict.
namespace nym::sim {

struct RunSettings {
  Fidelity fidelity = Fidelity::model;
  std::uint64_t seed = 1;
  unsigned threads = 1;                           ///< for sealing and peeling; changes no result
  client::Switch measuring = client::Switch::on;  ///< off: nothing is measured, and figures are not expected
  std::vector<Observer*> observers{};             ///< live longer than the run
  const std::atomic<bool>* interrupt = nullptr;   ///< once true the run ends, as it is
};

struct RunResult {
  std::vector<Violation> violations;  ///< the first one decides the verdict
  bool interrupted = false;
  std::uint64_t events = 0;
  std::uint64_t packets = 0;    ///< Sphinx packets sent on links between nodes, or by clients
  std::uint64_t delivered = 0;  ///< messages and replies
  std::uint64_t acknowledged = 0;
  std::uint64_t failed = 0;   ///< and cancelled
  std::uint64_t replays = 0;  ///< packets that a node refused because it had seen them
  Duration simulated;
  Measurements measurements;
  std::string fingerprint;  ///< 16 hexadecimal digits
  ProbeSet probes;          ///< of the engine, that were reached

  Verdict verdict() const { return violations.empty() ? Verdict::pass : violations.front().kind; }
};

/// Everything of the plan: its network, work, faults, adversaries, checkers and expectations. The plan must have no
/// problem (load_plan, generate_plan).
RunResult run_plan(const Plan& plan, const RunSettings& settings);

}  // namespace nym::sim
