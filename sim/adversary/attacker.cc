#include "sim/adversary/attacker.h"

namespace nym::sim {

void Attacker::on_phase(TimePoint, Phase phase) {
  if (phase != Phase::work) stopped_ = true;
}

}  // namespace nym::sim
