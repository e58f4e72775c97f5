#include "sim/grammar/normal.h"

#include <algorithm>
#include <array>
#include <bit>

#include "engine/base/check.h"
#include "engine/base/wide_int.h"

namespace nym::sim {
namespace {

constexpr unsigned kFraction = 32;       ///< bits of a normal number after the point
constexpr unsigned kPowerFraction = 62;  ///< of a power of two
constexpr std::int64_t kMost = std::int64_t{7} << kFraction;
constexpr std::int64_t kMaxSigma = 10'000'000;
constexpr std::int64_t kMillion = 1'000'000;
constexpr std::uint64_t kLog2OfE = 6'196'328'019;  ///< times 2^32

constexpr std::uint64_t square_root(Uint128 value) {
  std::uint64_t root = 0;
  for (unsigned bit = 64; bit-- > 0;) {
    auto next = root | (std::uint64_t{1} << bit);
    if (static_cast<Uint128>(next) * next <= value) root = next;
  }
  return root;
}

// 2^(1/2), 2^(1/4), ... 2^(2^-32), each times 2^62.
constexpr auto kRootsOfTwo = [] {
  std::array<std::uint64_t, kFraction> roots{};
  std::uint64_t root = std::uint64_t{2} << kPowerFraction;  // wraps nowhere: 2^63
  for (auto& entry : roots) {
    root = square_root(static_cast<Uint128>(root) << kPowerFraction);
    entry = root;
  }
  return roots;
}();

/// value * 2^exponent, the exponent being a multiple of 2^-32.
Duration scale(Duration value, Int128 exponent) {
  auto whole = static_cast<std::int64_t>(exponent >> kFraction);
  auto fraction = static_cast<std::uint64_t>(exponent & ((Int128{1} << kFraction) - 1));
  auto power = std::uint64_t{1} << kPowerFraction;
  for (unsigned i = 0; i < kFraction; ++i) {
    bool is_set = (fraction >> (kFraction - 1 - i) & 1U) != 0;
    if (is_set) power = static_cast<std::uint64_t>(static_cast<Uint128>(power) * kRootsOfTwo.at(i) >> kPowerFraction);
  }
  auto product = static_cast<Uint128>(static_cast<std::uint64_t>(value.ns())) * power;
  auto shift = static_cast<std::int64_t>(kPowerFraction) - whole;
  if (shift >= 128) return {};
  if (shift >= 0) {
    product >>= static_cast<unsigned>(shift);
  } else {
    auto room = std::countl_zero(static_cast<std::uint64_t>(product >> 64U));
    if (-shift >= room) return Duration::max();
    product <<= static_cast<unsigned>(-shift);
  }
  if (product > static_cast<Uint128>(Duration::max().ns())) return Duration::max();
  return Duration::nanoseconds(static_cast<std::int64_t>(product));
}

}  // namespace

// In polar form: the square of the radius is exponential, the direction that of a point drawn in the unit disc.
std::int64_t draw_standard_normal(RandomSource& random) {
  constexpr std::int64_t kSide = std::int64_t{1} << 31U;
  constexpr auto kMeanOfSquare = Duration::nanoseconds(std::int64_t{2} << kFraction);
  auto square = static_cast<std::uint64_t>(draw_exponential(random, kMeanOfSquare).ns());
  auto radius = static_cast<std::int64_t>(square_root(static_cast<Uint128>(square) << kFraction));
  for (;;) {
    auto drawn = draw_u64(random);
    auto x = static_cast<std::int64_t>(drawn & 0xffffffffU) - kSide;
    auto y = static_cast<std::int64_t>(drawn >> 32U) - kSide;
    auto distance = static_cast<std::uint64_t>(x * x) + static_cast<std::uint64_t>(y * y);
    if (distance == 0 || distance > static_cast<std::uint64_t>(kSide) * static_cast<std::uint64_t>(kSide)) continue;
    auto normal = static_cast<Int128>(radius) * x / static_cast<std::int64_t>(square_root(distance));
    return static_cast<std::int64_t>(std::clamp<Int128>(normal, -kMost, kMost));
  }
}

Duration draw_normal(RandomSource& random, Duration mean, Duration deviation) {
  auto offset = static_cast<Int128>(deviation.ns()) * draw_standard_normal(random) / (Int128{1} << kFraction);
  auto value = std::clamp<Int128>(mean.ns() + offset, 0, Duration::max().ns());
  return Duration::nanoseconds(static_cast<std::int64_t>(value));
}

Duration draw_log_normal(RandomSource& random, Duration median, std::int64_t sigma_millionths) {
  NYM_CHECK(sigma_millionths >= 0 && sigma_millionths <= kMaxSigma);
  auto exponent = static_cast<Int128>(draw_standard_normal(random)) * sigma_millionths / kMillion;
  return scale(std::max(median, Duration()), exponent * kLog2OfE >> kFraction);
}

}  // namespace nym::sim
