#include "tests/planted/planted.h"

#include <fmt/format.h>

#include <cstdlib>
#include <string>

namespace nym::planted {
namespace {

/// Of all bugs, with spaces before, between and after them.
constexpr std::string_view kNames = " " NYM_PLANTS " ";

std::string read_choice() {
  const char* chosen = std::getenv("NYM_PLANT");
  if (chosen == nullptr || *chosen == '\0') return {};
  if (kNames.find(fmt::format(" {} ", chosen)) != kNames.npos) return chosen;
  fmt::print(stderr, "NYM_PLANT={}: there is no such bug; the bugs are:{}\n", chosen, kNames);
  std::exit(1);
}

/// Read before main: processes that are forked later have the same.
const std::string kChosen = read_choice();

}  // namespace

bool is_on(std::string_view bug) {
  return bug == kChosen;
}

}  // namespace nym::planted
