#include "engine/crypto/field25519.h"

namespace nym::crypto {
namespace {

std::uint64_t load_le(ByteView from) {
  std::uint64_t value = 0;
  for (std::size_t i = 8; i-- > 0;) value = value << 8U | from[i];
  return value;
}

void store_le(std::uint64_t value, MutableByteView to) {
  for (std::size_t i = 0; i < 8; ++i) to[i] = static_cast<std::uint8_t>((value >> (8 * i)) & 0xffU);
}

FieldElement square_times(FieldElement a, int count) {
  for (; count > 0; --count) a = square(a);
  return a;
}

struct Powers {
  FieldElement a11;
  FieldElement ones_250;  ///< a^(2^250 - 1)
};

// p - 2 = 2^255 - 21 has 250 ones, then 01011. `ones_n` is a^(2^n - 1).
Powers powers_of(const FieldElement& a) {
  FieldElement a2 = square(a);
  FieldElement a9 = multiply(square_times(a2, 2), a);
  FieldElement a11 = multiply(a9, a2);
  FieldElement ones_5 = multiply(square(a11), a9);
  FieldElement ones_10 = multiply(square_times(ones_5, 5), ones_5);
  FieldElement ones_20 = multiply(square_times(ones_10, 10), ones_10);
  FieldElement ones_40 = multiply(square_times(ones_20, 20), ones_20);
  FieldElement ones_50 = multiply(square_times(ones_40, 10), ones_10);
  FieldElement ones_100 = multiply(square_times(ones_50, 50), ones_50);
  FieldElement ones_200 = multiply(square_times(ones_100, 100), ones_100);
  FieldElement ones_250 = multiply(square_times(ones_200, 50), ones_50);
  return {a11, ones_250};
}

}  // namespace

FieldElement load_field(FixedView<32> bytes) {
  std::uint64_t w0 = load_le(bytes.subspan<0, 8>());
  std::uint64_t w1 = load_le(bytes.subspan<8, 8>());
  std::uint64_t w2 = load_le(bytes.subspan<16, 8>());
  std::uint64_t w3 = load_le(bytes.subspan<24, 8>());
  return {{w0 & kLimbMask, (w0 >> 51U | w1 << 13U) & kLimbMask, (w1 >> 38U | w2 << 26U) & kLimbMask,
           (w2 >> 25U | w3 << 39U) & kLimbMask, (w3 >> 12U) & kLimbMask}};
}

ByteArray<32> store_field(const FieldElement& a) {
  auto limbs = a.limbs;
  // Below 2^255 + 19: one round of carries, then the quotient by p is the carry out of a + 19.
  for (int round = 0; round < 2; ++round) {
    for (std::size_t i = 0; i < 4; ++i) {
      limbs[i + 1] += limbs[i] >> 51U;
      limbs[i] &= kLimbMask;
    }
    limbs[0] += 19 * (limbs[4] >> 51U);
    limbs[4] &= kLimbMask;
  }
  std::uint64_t quotient = 19;
  for (std::uint64_t limb : limbs) quotient = (limb + quotient) >> 51U;
  limbs[0] += 19 * quotient;
  for (std::size_t i = 0; i < 4; ++i) {
    limbs[i + 1] += limbs[i] >> 51U;
    limbs[i] &= kLimbMask;
  }
  limbs[4] &= kLimbMask;

  ByteArray<32> out{};
  auto view = std::span(out);
  store_le(limbs[0] | limbs[1] << 51U, view.subspan<0, 8>());
  store_le(limbs[1] >> 13U | limbs[2] << 38U, view.subspan<8, 8>());
  store_le(limbs[2] >> 26U | limbs[3] << 25U, view.subspan<16, 8>());
  store_le(limbs[3] >> 39U | limbs[4] << 12U, view.subspan<24, 8>());
  return out;
}

FieldElement invert(const FieldElement& a) {
  auto powers = powers_of(a);
  return multiply(square_times(powers.ones_250, 5), powers.a11);
}

// Euler: the power (p - 1) / 2 = 2^254 - 10 of a square is one. It has 250 ones, then 0110.
bool is_square(const FieldElement& a) {
  auto a2 = square(a);
  auto a6 = multiply(square(a2), a2);
  auto power = store_field(multiply(square_times(powers_of(a).ones_250, 4), a6));
  return power == store_field(kFieldOne) || power == store_field(kFieldZero);
}

}  // namespace nym::crypto
