#include "engine/crypto/curve25519.h"

#include <sodium.h>

#include "engine/crypto/field25519.h"
#include "engine/crypto/sodium_ready.h"

namespace nym::crypto {
namespace {

constexpr std::uint64_t kCurveCoefficient = 121665;  // (A - 2) / 4

// A projective u-coordinate.
struct LadderPoint {
  FieldElement x;
  FieldElement z;
};

// doubled <- 2 * doubled, other <- doubled + other, where u is the coordinate of their difference (RFC 7748 section 5).
void ladder_step(const FieldElement& u, LadderPoint& doubled, LadderPoint& other) {
  FieldElement sum = add(doubled.x, doubled.z);
  FieldElement difference = subtract(doubled.x, doubled.z);
  FieldElement crossed_a = multiply(subtract(other.x, other.z), sum);
  FieldElement crossed_b = multiply(add(other.x, other.z), difference);
  other.x = square(add(crossed_a, crossed_b));
  other.z = multiply(u, square(subtract(crossed_a, crossed_b)));
  FieldElement sum_squared = square(sum);
  FieldElement difference_squared = square(difference);
  FieldElement four_xz = subtract(sum_squared, difference_squared);
  doubled.x = multiply(sum_squared, difference_squared);
  doubled.z = multiply(four_xz, add(sum_squared, scale(four_xz, kCurveCoefficient)));
}

}  // namespace

Scalar Scalar::reduce(FixedView<32> bytes) {
  ByteArray<crypto_core_ed25519_NONREDUCEDSCALARBYTES> wide{};
  std::memcpy(wide.data(), bytes.data(), bytes.size());
  Secret<32> out;
  crypto_core_ed25519_scalar_reduce(out.expose_mutable().data(), wide.data());
  wipe(wide);
  return Scalar(std::move(out));
}

Scalar Scalar::product(FixedView<32> a, FixedView<32> b) {
  Secret<32> out;
  crypto_core_ed25519_scalar_mul(out.expose_mutable().data(), a.data(), b.data());
  return Scalar(std::move(out));
}

void clamp(Secret<32>& scalar) {
  auto bytes = scalar.expose_mutable();
  bytes[0] &= 0xf8U;
  bytes[31] &= 0x7fU;
  bytes[31] |= 0x40U;
}

ByteArray<32> multiply_base(const Secret<32>& clamped) {
  ensure_sodium_ready();
  ByteArray<32> out{};
  crypto_scalarmult_curve25519_base(out.data(), clamped.expose().data());
  return out;
}

Secret<32> multiply_unclamped(FixedView<32> n, FixedView<32> u) {
  FieldElement base = load_field(u);
  LadderPoint low{kFieldOne, kFieldZero};
  LadderPoint high{base, kFieldOne};
  std::uint64_t swapped = 0;
  for (std::size_t position = 255; position-- > 0;) {
    std::uint64_t byte = n[position / 8];
    std::uint64_t bit = (byte >> (position % 8)) & 1U;
    swap_if(swapped ^ bit, low.x, high.x);
    swap_if(swapped ^ bit, low.z, high.z);
    swapped = bit;
    ladder_step(base, low, high);
  }
  swap_if(swapped, low.x, high.x);
  swap_if(swapped, low.z, high.z);
  Secret<32> out(store_field(multiply(low.x, invert(low.z))));
  wipe({reinterpret_cast<std::uint8_t*>(&low), sizeof low});
  wipe({reinterpret_cast<std::uint8_t*>(&high), sizeof high});
  return out;
}

void multiply_all(std::span<Multiplication> jobs) {
  for (auto& job : jobs) job.product = multiply_unclamped(job.scalar, job.point);
}

}  // namespace nym::crypto
