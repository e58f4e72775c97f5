#include "sim/run/run.h"

#include "sim/adversary/attacker.h"
#include "sim/anonymity/anonymity_meters.h"
#include "sim/measure/expectations.h"
#include "sim/measure/meters.h"
#include "sim/network/simulation.h"

namespace nym::sim {
namespace {

/// Those who look on in a run of a plan, and what they come to.
class Onlookers {
 public:
  Onlookers(const Plan& plan, const RunSettings& settings) : plan_(plan), random_(settings.seed) {
    bool measures = settings.measuring == client::Switch::on;
    if (measures) meters_ = make_meters(plan);
    auto stream = random_.fork("adversaries");
    attackers_ = make_adversaries(plan, *stream);
    if (!measures) return;
    for (auto& meter : make_anonymity_meters(plan, *stream)) meters_.push_back(std::move(meter));
  }

  void join(Simulation& simulation) {
    for (const auto& meter : meters_) simulation.add(*meter);
    for (const auto& attacker : attackers_) simulation.add(*attacker);
  }
  void report(const Simulation& simulation, RunResult& result) const {
    for (const auto& meter : meters_) meter->add_to(result.measurements);
    add_achievements(attackers_, result.measurements);
    if (result.interrupted || meters_.empty()) return;
    auto missed = check_expectations(plan_, result.measurements, simulation.simulated());
    result.violations.insert(result.violations.end(), missed.begin(), missed.end());
  }

 private:
  const Plan& plan_;
  SeededRandom random_;
  std::vector<std::unique_ptr<Meter>> meters_;
  std::vector<std::unique_ptr<Attacker>> attackers_;
};

}  // namespace

RunResult run_plan(const Plan& plan, const RunSettings& settings) {
  ProbeSet probes;
  ProbeScope scope(probes);
  Simulation simulation(plan, {settings.fidelity, settings.seed, settings.threads});
  Onlookers onlookers(plan, settings);
  onlookers.join(simulation);
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
  onlookers.report(simulation, result);
  return result;
}

}  // namespace nym::sim
