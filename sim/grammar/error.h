#pragma once

#include "engine/base/result.h"

namespace nym::sim {

enum class SimError : std::uint16_t { bad_text = 1, bad_plan, no_such_file, bad_record, harness, cannot_write };
constexpr Layer layer_of(SimError) {
  return Layer::sim;
}

}  // namespace nym::sim
