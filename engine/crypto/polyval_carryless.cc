#include "engine/crypto/polyval.h"

#if defined(__x86_64__)

#include <immintrin.h>

namespace nym::crypto {
namespace {

#define NYM_CARRYLESS __attribute__((target("pclmul,sse2")))

// As `fold` of the portable path: the multiplication gives both words that lie above at once.
NYM_CARRYLESS inline __m128i fold(__m128i a) {
  const __m128i polynomial = _mm_set_epi64x(0, static_cast<long long>(0xc200'0000'0000'0000U));
  constexpr int kSwapHalves = 0x4e;
  return _mm_xor_si128(_mm_shuffle_epi32(a, kSwapHalves), _mm_clmulepi64_si128(a, polynomial, 0x00));
}

NYM_CARRYLESS inline __m128i multiply(__m128i a, __m128i b) {
  constexpr int kWord = 8;
  __m128i low = _mm_clmulepi64_si128(a, b, 0x00);
  __m128i high = _mm_clmulepi64_si128(a, b, 0x11);
  __m128i crossed = _mm_xor_si128(_mm_clmulepi64_si128(a, b, 0x01), _mm_clmulepi64_si128(a, b, 0x10));
  low = _mm_xor_si128(low, _mm_slli_si128(crossed, kWord));
  high = _mm_xor_si128(high, _mm_srli_si128(crossed, kWord));
  return _mm_xor_si128(high, fold(fold(low)));
}

NYM_CARRYLESS void step(const PolyvalElement& key, PolyvalElement& sum, ByteView blocks) {
  __m128i factor = _mm_loadu_si128(reinterpret_cast<const __m128i*>(&key));
  __m128i total = _mm_loadu_si128(reinterpret_cast<const __m128i*>(&sum));
  for (; !blocks.empty(); blocks = blocks.subspan(kPolyvalBlock)) {
    total = _mm_xor_si128(total, _mm_loadu_si128(reinterpret_cast<const __m128i*>(blocks.data())));
    total = multiply(total, factor);
  }
  _mm_storeu_si128(reinterpret_cast<__m128i*>(&sum), total);
}

#undef NYM_CARRYLESS

}  // namespace

PolyvalStep polyval_carryless() {
  static const bool supported = __builtin_cpu_supports("pclmul") != 0;
  return supported ? step : nullptr;
}

}  // namespace nym::crypto

#else

namespace nym::crypto {

PolyvalStep polyval_carryless() {
  return nullptr;
}

}  // namespace nym::crypto

#endif
