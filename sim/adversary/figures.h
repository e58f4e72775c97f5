#pragma once

#include "sim/adversary/attacker.h"

namespace nym::sim {

/// A share as a figure, `<what>.<name of the attacker>`; nothing when it is of none.
void add_share(Measurements& measurements, Metric metric, const std::string& what, const Attacker& attacker, Part part);
void add_count(Measurements& measurements, Metric metric, const std::string& what, const Attacker& attacker,
               std::uint64_t count);

struct CountAt {
  Duration at;
  std::uint64_t count = 0;
};
void add_series(Measurements& measurements, Metric metric, const std::string& what, const Attacker& attacker,
                std::span<const CountAt> counts);

}  // namespace nym::sim
