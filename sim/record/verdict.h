#pragma once

#include <string>

#include "engine/base/time.h"

namespace nym::sim {

enum class Verdict : std::uint8_t {
  pass,
  safety,   ///< something happened that must not: delivered twice, to the wrong one, a SURB used twice, ...
  liveness  ///< something did not happen that must: a message without outcome, too few delivered, ...
};
const char* to_string(Verdict verdict);

/// A statement that did not hold, in the words of the field.
struct Violation {
  Verdict kind = Verdict::safety;
  Duration at;  ///< since the start
  std::string text;
};

}  // namespace nym::sim
