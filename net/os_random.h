#pragma once

#include "engine/base/random.h"

namespace nym::net {

/// The operating system's generator (getrandom). It has no state of its own, so nothing can leak or repeat after a fork
/// of the process. Aborts if the system has no entropy source.
class OsRandom final : public RandomSource {
 public:
  void fill(MutableByteView out) override;
  std::unique_ptr<RandomSource> fork(std::string_view label) override;
};

}  // namespace nym::net
