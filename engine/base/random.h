#pragma once

#include <memory>
#include <string_view>

#include "engine/base/bytes.h"
#include "engine/base/secret.h"
#include "engine/base/time.h"

namespace nym {

/// Where an engine object draws from. Production gives the operating system's generator, the simulator a seeded stream.
/// Streams made by `fork` with different labels are independent: a draw more in one shifts no other.
class RandomSource {
 public:
  RandomSource() = default;
  RandomSource(const RandomSource&) = delete;
  RandomSource& operator=(const RandomSource&) = delete;
  virtual ~RandomSource() = default;

  virtual void fill(MutableByteView out) = 0;
  virtual std::unique_ptr<RandomSource> fork(std::string_view label) = 0;
};

std::uint64_t draw_u64(RandomSource& random);

/// Uniform in [0, bound); bound > 0. Unbiased.
std::uint64_t draw_below(RandomSource& random, std::uint64_t bound);

/// A probability in units of 2^-32; never floating point where it decides.
struct Probability {
  std::uint64_t parts = 0;  ///< of 2^32
  static Probability of(double value);
};
bool draw_event(RandomSource& random, Probability probability);

/// Exponentially distributed with the given mean, rounded to the nearest nanosecond; a mean of zero or less gives zero.
/// Integer arithmetic only, so that every compiler and build gives the same delays. Less than 45 times the mean.
Duration draw_exponential(RandomSource& random, Duration mean);

template <std::size_t N>
ByteArray<N> draw_array(RandomSource& random) {
  ByteArray<N> out{};
  random.fill(out);
  return out;
}

template <std::size_t N>
Secret<N> draw_secret(RandomSource& random) {
  Secret<N> out;
  random.fill(out.expose_mutable());
  return out;
}

}  // namespace nym
