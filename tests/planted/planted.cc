#include "tests/planted/planted.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <string>

namespace nym::planted {
namespace {

constexpr std::string_view kNames[] = {
#include "planted_names.inc"
};

std::string read_choice() {
  const char* chosen = std::getenv("NYM_PLANT");
  if (chosen == nullptr || *chosen == '\0') return {};
  if (std::find(std::begin(kNames), std::end(kNames), chosen) != std::end(kNames)) return chosen;
  fmt::print(stderr, "NYM_PLANT={}: there is no such bug; the bugs are:", chosen);
  for (auto name : kNames) fmt::print(stderr, " {}", name);
  fmt::print(stderr, "\n");
  std::exit(1);
}

/// Read before main: processes that are forked later have the same.
const std::string kChosen = read_choice();

}  // namespace

bool is_on(std::string_view bug) {
  return bug == kChosen;
}

}  // namespace nym::planted
