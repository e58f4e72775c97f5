#include "engine/base/random.h"

#include <bit>
#include <cmath>

#include "engine/base/check.h"
#include "engine/base/wide_int.h"

namespace nym {
namespace {

// -ln(u) for u = (bits + 1) / 2^64, in units of 2^-32.
// ln(u) = (e + log2(m)) * ln 2 with m in [1, 2); log2(m) digit by digit: squaring m doubles its logarithm.
std::uint64_t minus_ln(std::uint64_t bits) {
  constexpr std::uint64_t kLn2 = 2'977'044'472;  // ln 2 in 2^-32
  if (bits == ~std::uint64_t{0}) return 0;
  std::uint64_t value = bits + 1;
  int zeros = std::countl_zero(value);
  std::uint64_t mantissa = value << zeros;  // [2^63, 2^64) stands for [1, 2)
  std::uint64_t fraction = 0;               // log2(m) in 2^-32
  for (int digit = 0; digit < 32; ++digit) {
    auto square = static_cast<Uint128>(mantissa) * mantissa;  // [2^126, 2^128)
    fraction <<= 1U;
    if ((square >> 127U) != 0) {
      fraction |= 1U;
      mantissa = static_cast<std::uint64_t>(square >> 64U);
    } else {
      mantissa = static_cast<std::uint64_t>(square >> 63U);
    }
  }
  std::uint64_t minus_log2 = ((static_cast<std::uint64_t>(zeros) + 1) << 32U) - fraction;
  return static_cast<std::uint64_t>((static_cast<Uint128>(minus_log2) * kLn2) >> 32U);
}

}  // namespace

std::uint64_t draw_u64(RandomSource& random) {
  return load_be<std::uint64_t>(draw_array<8>(random));
}

std::uint64_t draw_below(RandomSource& random, std::uint64_t bound) {
  NYM_CHECK(bound > 0);
  std::uint64_t rejected = (0 - bound) % bound;  // 2^64 mod bound
  for (;;) {
    std::uint64_t value = draw_u64(random);
    if (value >= rejected) return value % bound;
  }
}

Probability Probability::of(double value) {
  if (!(value > 0)) return {};
  if (value >= 1) return {std::uint64_t{1} << 32U};
  return {static_cast<std::uint64_t>(std::llround(std::ldexp(value, 32)))};
}

bool draw_event(RandomSource& random, Probability probability) {
  return (draw_u64(random) >> 32U) < probability.parts;
}

Duration draw_exponential(RandomSource& random, Duration mean) {
  if (mean.ns() <= 0) return {};
  auto product = static_cast<Uint128>(static_cast<std::uint64_t>(mean.ns())) * minus_ln(draw_u64(random));
  auto rounded = (product + (std::uint64_t{1} << 31U)) >> 32U;
  if (rounded > static_cast<Uint128>(Duration::max().ns())) return Duration::max();
  return Duration::nanoseconds(static_cast<std::int64_t>(rounded));
}

}  // namespace nym
