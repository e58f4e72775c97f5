#pragma once

// Eight numbers modulo p side by side, for processors with AVX-512 IFMA. Internal to curve25519_lanes.cc: whatever
// includes this must be called only after vector_ladders() has looked at the processor.

#include <immintrin.h>

#include "engine/crypto/field25519.h"

// Functions of these instructions, in files that are compiled without them. All become part of the ladder that uses
// them: a call would pass vectors through memory. So would the sanitizers' checks of every reference, thirty times as
// slow.
#define NYM_LANES_TARGET __attribute__((target("avx512f,avx512ifma"), no_sanitize("address", "undefined")))
#define NYM_LANES_INLINE __attribute__((always_inline)) NYM_LANES_TARGET inline

namespace nym::crypto::lanes {

/// As FieldElement, limb by limb. "Tight" here is below 2^51 + 2^15, which is what a factor must be (an instruction
/// reads 52 bits); "raw" is a sum that `carry` makes tight, limbs below 2^61.
struct Lanes {
  __m512i limbs[5];
};

/// The limbs of a product before 2^255 counts as 19. low[k] stands at 2^51k; high[k], the upper halves of 104 bits,
/// at 2^(51k + 52).
struct Columns {
  __m512i low[9];
  __m512i high[9];
};

NYM_LANES_INLINE __m512i spread(std::uint64_t value) {
  return _mm512_set1_epi64(static_cast<long long>(value));
}

NYM_LANES_INLINE Lanes zero() {
  __m512i none = _mm512_setzero_si512();
  return {{none, none, none, none, none}};
}

NYM_LANES_INLINE Lanes add(const Lanes& a, const Lanes& b) {
  return {{_mm512_add_epi64(a.limbs[0], b.limbs[0]), _mm512_add_epi64(a.limbs[1], b.limbs[1]),
           _mm512_add_epi64(a.limbs[2], b.limbs[2]), _mm512_add_epi64(a.limbs[3], b.limbs[3]),
           _mm512_add_epi64(a.limbs[4], b.limbs[4])}};
}

/// May go below zero; see `offset`.
NYM_LANES_INLINE Lanes subtract(const Lanes& a, const Lanes& b) {
  return {{_mm512_sub_epi64(a.limbs[0], b.limbs[0]), _mm512_sub_epi64(a.limbs[1], b.limbs[1]),
           _mm512_sub_epi64(a.limbs[2], b.limbs[2]), _mm512_sub_epi64(a.limbs[3], b.limbs[3]),
           _mm512_sub_epi64(a.limbs[4], b.limbs[4])}};
}

/// a + b in the lanes of `where`, a in others.
NYM_LANES_INLINE Lanes add_in(__mmask8 where, const Lanes& a, const Lanes& b) {
  const auto& [a0, a1, a2, a3, a4] = a.limbs;
  return {{_mm512_mask_add_epi64(a0, where, a0, b.limbs[0]), _mm512_mask_add_epi64(a1, where, a1, b.limbs[1]),
           _mm512_mask_add_epi64(a2, where, a2, b.limbs[2]), _mm512_mask_add_epi64(a3, where, a3, b.limbs[3]),
           _mm512_mask_add_epi64(a4, where, a4, b.limbs[4])}};
}

/// a - b in the lanes of `where`, `rest` in others.
NYM_LANES_INLINE Lanes subtract_in(__mmask8 where, const Lanes& rest, const Lanes& a, const Lanes& b) {
  return {{_mm512_mask_sub_epi64(rest.limbs[0], where, a.limbs[0], b.limbs[0]),
           _mm512_mask_sub_epi64(rest.limbs[1], where, a.limbs[1], b.limbs[1]),
           _mm512_mask_sub_epi64(rest.limbs[2], where, a.limbs[2], b.limbs[2]),
           _mm512_mask_sub_epi64(rest.limbs[3], where, a.limbs[3], b.limbs[3]),
           _mm512_mask_sub_epi64(rest.limbs[4], where, a.limbs[4], b.limbs[4])}};
}

/// A multiple of p, every limb above 2^59 and so above those of any product, in the lanes of `where`, zero in others.
NYM_LANES_INLINE Lanes offset(__mmask8 where) {
  __m512i lowest = _mm512_maskz_mov_epi64(where, spread((kLimbMask - 18) << 9U));
  __m512i other = _mm512_maskz_mov_epi64(where, spread(kLimbMask << 9U));
  return {{lowest, other, other, other, other}};
}

/// The lanes of `where` from b, the others from a.
NYM_LANES_INLINE Lanes select(__mmask8 where, const Lanes& a, const Lanes& b) {
  return {{_mm512_mask_mov_epi64(a.limbs[0], where, b.limbs[0]), _mm512_mask_mov_epi64(a.limbs[1], where, b.limbs[1]),
           _mm512_mask_mov_epi64(a.limbs[2], where, b.limbs[2]), _mm512_mask_mov_epi64(a.limbs[3], where, b.limbs[3]),
           _mm512_mask_mov_epi64(a.limbs[4], where, b.limbs[4])}};
}

/// Raw to tight.
NYM_LANES_INLINE Lanes carry(const Lanes& raw) {
  __m512i mask = spread(kLimbMask);
  const auto& c = raw.limbs;
  return {{_mm512_madd52lo_epu64(_mm512_and_si512(c[0], mask), _mm512_srli_epi64(c[4], 51), spread(19)),
           _mm512_add_epi64(_mm512_and_si512(c[1], mask), _mm512_srli_epi64(c[0], 51)),
           _mm512_add_epi64(_mm512_and_si512(c[2], mask), _mm512_srli_epi64(c[1], 51)),
           _mm512_add_epi64(_mm512_and_si512(c[3], mask), _mm512_srli_epi64(c[2], 51)),
           _mm512_add_epi64(_mm512_and_si512(c[4], mask), _mm512_srli_epi64(c[3], 51))}};
}

NYM_LANES_INLINE __m512i twice(__m512i a) {
  return _mm512_add_epi64(a, a);
}

/// sum + 19 * a
NYM_LANES_INLINE __m512i add_19_times(__m512i sum, __m512i a) {
  return _mm512_add_epi64(_mm512_add_epi64(sum, _mm512_slli_epi64(a, 4)), _mm512_add_epi64(twice(a), a));
}

/// The limbs of a raw result, below 125 * 2^52 when all factors were tight.
NYM_LANES_INLINE Lanes fold(const Columns& c) {
  auto& low = c.low;
  auto& high = c.high;
  __m512i fifth = _mm512_add_epi64(low[5], twice(high[4]));
  __m512i sixth = _mm512_add_epi64(low[6], twice(high[5]));
  __m512i seventh = _mm512_add_epi64(low[7], twice(high[6]));
  __m512i eighth = _mm512_add_epi64(low[8], twice(high[7]));
  return {{add_19_times(low[0], fifth), add_19_times(_mm512_add_epi64(low[1], twice(high[0])), sixth),
           add_19_times(_mm512_add_epi64(low[2], twice(high[1])), seventh),
           add_19_times(_mm512_add_epi64(low[3], twice(high[2])), eighth),
           add_19_times(_mm512_add_epi64(low[4], twice(high[3])), twice(high[8]))}};
}

/// c += a[I] * b[J]
template <std::size_t I, std::size_t J>
NYM_LANES_INLINE void add_product(Columns& c, const Lanes& a, const Lanes& b) {
  c.low[I + J] = _mm512_madd52lo_epu64(c.low[I + J], a.limbs[I], b.limbs[J]);
  c.high[I + J] = _mm512_madd52hi_epu64(c.high[I + J], a.limbs[I], b.limbs[J]);
}

template <std::size_t I>
NYM_LANES_INLINE void add_row(Columns& c, const Lanes& a, const Lanes& b) {
  add_product<I, 0>(c, a, b);
  add_product<I, 1>(c, a, b);
  add_product<I, 2>(c, a, b);
  add_product<I, 3>(c, a, b);
  add_product<I, 4>(c, a, b);
}

/// start + a * b for tight factors; raw.
NYM_LANES_INLINE Lanes multiply(const Lanes& a, const Lanes& b, const Lanes& start) {
  __m512i none = _mm512_setzero_si512();
  const auto& s = start.limbs;
  Columns c{{s[0], s[1], s[2], s[3], s[4], none, none, none, none},
            {none, none, none, none, none, none, none, none, none}};
  add_row<0>(c, a, b);
  add_row<1>(c, a, b);
  add_row<2>(c, a, b);
  add_row<3>(c, a, b);
  add_row<4>(c, a, b);
  return fold(c);
}

/// a * a for a tight factor; raw.
NYM_LANES_INLINE Lanes square(const Lanes& a) {
  __m512i none = _mm512_setzero_si512();
  Columns c{{none, none, none, none, none, none, none, none, none},
            {none, none, none, none, none, none, none, none, none}};
  add_product<0, 1>(c, a, a);
  add_product<0, 2>(c, a, a);
  add_product<0, 3>(c, a, a);
  add_product<0, 4>(c, a, a);
  add_product<1, 2>(c, a, a);
  add_product<1, 3>(c, a, a);
  add_product<1, 4>(c, a, a);
  add_product<2, 3>(c, a, a);
  add_product<2, 4>(c, a, a);
  add_product<3, 4>(c, a, a);
  c = {{none, twice(c.low[1]), twice(c.low[2]), twice(c.low[3]), twice(c.low[4]), twice(c.low[5]), twice(c.low[6]),
        twice(c.low[7]), none},
       {none, twice(c.high[1]), twice(c.high[2]), twice(c.high[3]), twice(c.high[4]), twice(c.high[5]),
        twice(c.high[6]), twice(c.high[7]), none}};
  add_product<0, 0>(c, a, a);
  add_product<1, 1>(c, a, a);
  add_product<2, 2>(c, a, a);
  add_product<3, 3>(c, a, a);
  add_product<4, 4>(c, a, a);
  return fold(c);
}

/// start + factor * a for a tight a and a factor below 2^17; raw.
NYM_LANES_INLINE Lanes scale(const Lanes& a, std::uint64_t factor, const Lanes& start) {
  __m512i f = spread(factor);
  const auto& s = start.limbs;
  __m512i none = _mm512_setzero_si512();
  __m512i high[5] = {_mm512_madd52hi_epu64(none, a.limbs[0], f), _mm512_madd52hi_epu64(none, a.limbs[1], f),
                     _mm512_madd52hi_epu64(none, a.limbs[2], f), _mm512_madd52hi_epu64(none, a.limbs[3], f),
                     _mm512_madd52hi_epu64(none, a.limbs[4], f)};
  __m512i wrapped = _mm512_madd52lo_epu64(s[0], high[4], spread(std::uint64_t{2} * 19));
  return {{_mm512_madd52lo_epu64(wrapped, a.limbs[0], f),
           _mm512_madd52lo_epu64(_mm512_add_epi64(s[1], twice(high[0])), a.limbs[1], f),
           _mm512_madd52lo_epu64(_mm512_add_epi64(s[2], twice(high[1])), a.limbs[2], f),
           _mm512_madd52lo_epu64(_mm512_add_epi64(s[3], twice(high[2])), a.limbs[3], f),
           _mm512_madd52lo_epu64(_mm512_add_epi64(s[4], twice(high[3])), a.limbs[4], f)}};
}

}  // namespace nym::crypto::lanes
