#include "sim/measure/measurements.h"

#include <algorithm>

namespace nym::sim {

const Figure* Measurements::find_figure(std::string_view name) const {
  auto found = std::find_if(figures.begin(), figures.end(), [&](const Figure& figure) { return figure.name == name; });
  return found == figures.end() ? nullptr : &*found;
}

}  // namespace nym::sim
