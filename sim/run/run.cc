#include "sim/run/run.h"

#include "sim/measure/expectations.h"
#include "sim/measure/meters.h"
#include "sim/network/simulation.h"

namespace nym::sim {

RunResult run_plan(const Plan& plan, const RunSettings& settings) {
  auto meters = make_meters(plan);
  auto observers = settings.observers;
  for (const auto& meter : meters) observers.push_back(meter.get());
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
  for (const auto& meter : meters) meter->add_to(result.measurements);
  auto missed = check_expectations(plan, result.measurements, result.simulated);
  if (!result.interrupted) result.violations.insert(result.violations.end(), missed.begin(), missed.end());
  return result;
}

}  // namespace nym::sim
