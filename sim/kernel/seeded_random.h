#pragma once

#include "engine/base/random.h"

namespace nym::sim {

/// A reproducible stream (xoshiro256**). Lives here so that production programs can not link it.
class SeededRandom final : public RandomSource {
 public:
  explicit SeededRandom(std::uint64_t seed);
  void fill(MutableByteView out) override;
  /// Depends on the seed and the label only, not on what was drawn before.
  std::unique_ptr<RandomSource> fork(std::string_view label) override;

 private:
  std::uint64_t next();

  std::uint64_t seed_;
  std::array<std::uint64_t, 4> state_{};
};

}  // namespace nym::sim
