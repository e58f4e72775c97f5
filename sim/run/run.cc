#include "sim/run/run.h"

#include "sim/network/simulation.h"

namespace nym::sim {

RunResult run_plan(const Plan& plan, const RunSettings& settings) {
  ProbeSet probes;
  ProbeScope scope(probes);
  auto report = Simulation(plan, settings.fidelity, settings.seed).run();
  RunResult result;
  if (report.verdict != Verdict::pass) {
    result.violations.push_back({report.verdict, report.simulated, report.violation});
  }
  result.events = report.events;
  result.packets = report.packets;
  result.replays = report.replays;
  result.simulated = report.simulated;
  result.fingerprint = report.fingerprint;
  result.probes = probes;
  return result;
}

}  // namespace nym::sim
