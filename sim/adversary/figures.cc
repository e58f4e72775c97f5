#include "sim/adversary/figures.h"

#include <fmt/format.h>

#include <algorithm>

namespace nym::sim {
namespace {

double share_of(Part part) {
  return static_cast<double>(part.done) / static_cast<double>(part.of);
}

}  // namespace

void add_share(Measurements& measurements, Metric metric, const std::string& what, const Attacker& attacker,
               Part part) {
  if (part.of == 0) return;
  measurements.figures.push_back({metric, fmt::format("{}.{}", what, attacker.name()), "", share_of(part)});
}

void add_count(Measurements& measurements, Metric metric, const std::string& what, const Attacker& attacker,
               std::uint64_t count) {
  measurements.figures.push_back({metric, fmt::format("{}.{}", what, attacker.name()), "", static_cast<double>(count)});
}

void add_series(Measurements& measurements, Metric metric, const std::string& what, const Attacker& attacker,
                std::span<const CountAt> counts) {
  Series series{metric, fmt::format("{}.{}", what, attacker.name()), "", {}};
  for (const auto& [at, count] : counts) series.points.push_back({at, static_cast<double>(count)});
  measurements.series.push_back(std::move(series));
}

void add_achievements(std::span<const std::unique_ptr<Attacker>> attackers, Measurements& measurements) {
  std::optional<double> largest;
  for (const auto& attacker : attackers) {
    auto linked = attacker->linked();
    add_share(measurements, Metric::unlinkability, "linked", *attacker, linked);
    if (linked.of > 0) largest = std::max(largest.value_or(0), share_of(linked));
    attacker->add_to(measurements);
  }
  if (largest) measurements.figures.push_back({Metric::unlinkability, "linked", "", *largest});
}

}  // namespace nym::sim
