#include "engine/base/random.h"

#include <array>
#include <bit>
#include <cmath>
#include <limits>

#include "engine/base/check.h"
#include "engine/base/wide_int.h"

namespace nym {
namespace {

/// log2(m) for a mantissa in [2^63, 2^64) that stands for m in [1, 2), cut off after so many binary digits. Digit by
/// digit: squaring m doubles its logarithm.
constexpr std::uint64_t log2_by_digits(std::uint64_t mantissa, unsigned digits) {
  std::uint64_t fraction = 0;
  for (unsigned digit = 0; digit < digits; ++digit) {
    auto square = static_cast<Uint128>(mantissa) * mantissa;  // [2^126, 2^128)
    auto is_two_or_more = static_cast<std::uint64_t>(square >> 127U);
    fraction = fraction << 1U | is_two_or_more;
    mantissa = static_cast<std::uint64_t>(square >> (63U + is_two_or_more));
  }
  return fraction;
}

constexpr unsigned kDigits = 32;       // of a logarithm
constexpr unsigned kTableDigits = 60;  // while it is computed
constexpr unsigned kTableBits = 7;

struct NearOne {
  std::uint64_t inverse = 0;  ///< about 1/m for the mantissas of one stretch, times 2^64
  std::uint64_t log2 = 0;     ///< of 1/inverse, times 2^60
};
constexpr auto kNearOne = [] {
  std::array<NearOne, std::size_t{1} << kTableBits> table{};
  for (std::size_t i = 0; i < table.size(); ++i) {
    auto middle = (2 * table.size() + 2 * i + 1) << (63U - kTableBits - 1U);
    auto inverse = static_cast<std::uint64_t>((Uint128{1} << 127U) / middle);
    table[i] = {inverse, (std::uint64_t{1} << kTableDigits) - log2_by_digits(inverse, kTableDigits)};
  }
  return table;
}();

/// ln(1 + r), all times 2^63, for r below 2^-8 in magnitude: five terms of the series after the first, exact to 2^-55.
std::int64_t ln_near_one(std::int64_t r) {
  constexpr std::int64_t kOne = std::numeric_limits<std::int64_t>::max();
  auto times = [](std::int64_t a, std::int64_t b) {
    return static_cast<std::int64_t>(static_cast<Int128>(a) * b >> 63);
  };
  auto sum = kOne / 5 - times(r, kOne / 6);
  sum = kOne / 4 - times(r, sum);
  sum = kOne / 3 - times(r, sum);
  sum = kOne / 2 - times(r, sum);
  return r - times(r, times(r, sum));
}

/// What log2_by_digits gives for 32 digits. The mantissa times an inverse out of the table is so near to one that the
/// series knows sixty digits within some: the digits wanted are right unless those behind them are nearly all the same.
std::uint64_t log2_of(std::uint64_t mantissa) {
  constexpr std::int64_t kLog2OfE = 6'653'256'548'922'161'245;  // times 2^62
  constexpr std::uint64_t kBehind = (std::uint64_t{1} << (kTableDigits - kDigits)) - 1;
  constexpr std::uint64_t kDoubt = std::uint64_t{1} << 12U;
  const auto& near = kNearOne[(mantissa >> (63U - kTableBits)) & (kNearOne.size() - 1)];
  auto product = static_cast<std::uint64_t>(static_cast<Uint128>(mantissa) * near.inverse >> 64U);
  auto ln = ln_near_one(static_cast<std::int64_t>(product - (std::uint64_t{1} << 63U)));
  auto log2 =
      near.log2 + static_cast<std::uint64_t>(static_cast<std::int64_t>(static_cast<Int128>(ln) * kLog2OfE >> 65));
  bool is_sure = (log2 & kBehind) - kDoubt < kBehind - 2 * kDoubt;
  return is_sure ? log2 >> (kTableDigits - kDigits) : log2_by_digits(mantissa, kDigits);
}

// -ln(u) for u = (bits + 1) / 2^64, in units of 2^-32: ln(u) = (e + log2(m)) * ln 2 with m in [1, 2).
std::uint64_t minus_ln(std::uint64_t bits) {
  constexpr std::uint64_t kLn2 = 2'977'044'472;  // ln 2 in 2^-32
  if (bits == ~std::uint64_t{0}) return 0;
  std::uint64_t value = bits + 1;
  int zeros = std::countl_zero(value);
  std::uint64_t minus_log2 = ((static_cast<std::uint64_t>(zeros) + 1) << kDigits) - log2_of(value << zeros);
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
