#include "sim/measure/measurements.h"

#include <algorithm>
#include <array>

namespace nym::sim {

const char* to_string(Timeline::Kind kind) {
  constexpr std::array kNames = {"run", "fault", "mixnode", "gateway", "client"};
  return kNames.at(static_cast<std::size_t>(kind));
}

const Figure* Measurements::find_figure(std::string_view name) const {
  auto found = std::find_if(figures.begin(), figures.end(), [&](const Figure& figure) { return figure.name == name; });
  return found == figures.end() ? nullptr : &*found;
}

}  // namespace nym::sim
