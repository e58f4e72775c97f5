#pragma once

#include <vector>

#include "engine/base/random.h"
#include "engine/base/text_encoding.h"

namespace nym::test {

using Numbers = std::vector<ByteArray<32>>;

inline ByteArray<32> number(std::string_view hex) {
  return to_array<32>(*from_hex(hex));
}

/// Any 256 bits.
inline Numbers draw_numbers(RandomSource& random, std::size_t count) {
  Numbers numbers(count);
  for (auto& drawn : numbers) drawn = draw_array<32>(random);
  return numbers;
}

/// Below 2^255.
inline Numbers draw_scalars(RandomSource& random, std::size_t count) {
  auto numbers = draw_numbers(random, count);
  for (auto& drawn : numbers) drawn[31] &= 0x7fU;
  return numbers;
}

inline Numbers draw_clamped(RandomSource& random, std::size_t count) {
  auto numbers = draw_scalars(random, count);
  for (auto& drawn : numbers) {
    drawn[0] &= 0xf8U;
    drawn[31] |= 0x40U;
  }
  return numbers;
}

/// Below 2^255: the ends, powers of two, the order l of the base point and what surrounds it.
inline Numbers extreme_scalars() {
  Numbers numbers{ByteArray<32>{0}, ByteArray<32>{1}, ByteArray<32>{2}, ByteArray<32>{8}};
  for (const char* hex : {"ecd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010",     // l - 1
                          "edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010",     // l
                          "eed3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010",     // l + 1
                          "0000000000000000000000000000000000000000000000000000000000000040",     // 2^254
                          "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"}) {  // 2^255 - 1
    numbers.push_back(number(hex));
  }
  return numbers;
}

/// Everything special about a u-coordinate: on the curve, on its twist, of low order, not canonical, the top bit set.
inline Numbers extreme_points() {
  Numbers numbers{ByteArray<32>{0}, ByteArray<32>{1}, ByteArray<32>{2}, ByteArray<32>{9}};
  for (const char* hex : {"ebffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",     // p - 2
                          "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",     // p - 1, order 4
                          "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",     // p
                          "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",     // p + 1
                          "f6ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",     // p + 9
                          "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",     // 2^255 - 1
                          "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",     // 2^256 - 1
                          "0900000000000000000000000000000000000000000000000000000000000080",     // G, top bit set
                          "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",     // order 8
                          "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157"}) {  // order 8
    numbers.push_back(number(hex));
  }
  return numbers;
}

}  // namespace nym::test
