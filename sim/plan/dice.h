#pragma once

#include <initializer_list>

#include "engine/base/random.h"

namespace nym::sim {

/// Draws for generated plans.
class Dice {
 public:
  explicit Dice(RandomSource& random) : random_(random) {}

  std::uint64_t below(std::uint64_t bound) { return draw_below(random_, bound); }
  std::uint64_t between(std::uint64_t min, std::uint64_t max) { return min + below(max - min + 1); }
  std::uint32_t small(std::uint32_t min, std::uint32_t max) { return static_cast<std::uint32_t>(between(min, max)); }
  bool chance(std::uint64_t percent) { return below(100) < percent; }
  Duration ms(std::uint64_t min, std::uint64_t max) {
    return Duration::milliseconds(static_cast<std::int64_t>(between(min, max)));
  }
  /// Thousandths of a whole.
  Probability thousandths(std::uint64_t min, std::uint64_t max) {
    constexpr std::uint64_t kWhole = std::uint64_t{1} << 32U;
    return {(between(min, max) * kWhole + 500) / 1'000};
  }
  template <class T>
  T pick(std::initializer_list<T> values) {
    return *(values.begin() + below(values.size()));
  }

 private:
  RandomSource& random_;
};

}  // namespace nym::sim
