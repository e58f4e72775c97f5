#include "sim/run/run.h"

#include "sim/network/simulation.h"

namespace nym::sim {

RunResult run_plan(const Plan& plan, const RunSettings& settings) {
  ProbeSet probes;
  ProbeScope scope(probes);
  Simulation simulation(plan, {settings.fidelity, settings.seed});
  for (auto* observer : settings.observers) simulation.add(*observer);
  auto is_interrupted = [&] { return settings.interrupt != nullptr && settings.interrupt->load(); };
  simulation.run(is_interrupted);
  RunResult result;
  result.violations = simulation.violations();
  result.interrupted = is_interrupted();
  result.events = simulation.world().events();
  result.packets = simulation.world().packets();
  result.replays = simulation.world().replays();
  const auto& counts = simulation.book().counts();
  result.delivered = counts.delivered;
  result.acknowledged = counts.acknowledged;
  result.failed = counts.failed;
  result.simulated = simulation.simulated();
  result.fingerprint = simulation.world().fingerprint().to_string();
  result.probes = probes;
  return result;
}

}  // namespace nym::sim
