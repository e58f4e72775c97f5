#include "sim/model/mixing.h"

#include <algorithm>
#include <bit>

namespace nym::sim {
namespace {

constexpr std::size_t kWord = 8;
constexpr std::size_t kLanes = 4;  // independent multiplications run side by side
constexpr std::uint64_t kFactor = 0x9e3779b97f4a7c15U;
constexpr std::array<std::uint64_t, kLanes> kLaneStart{0x243f6a8885a308d3U, 0x13198a2e03707344U, 0xa4093822299f31d0U,
                                                       0x082efa98ec4e6c89U};

std::uint64_t load_word(const std::uint8_t* from) {
  std::uint64_t word = 0;
  std::memcpy(&word, from, kWord);
  return std::endian::native == std::endian::little ? word : __builtin_bswap64(word);
}

std::uint64_t absorb(std::uint64_t state, std::uint64_t word) {
  return std::rotl((state ^ word) * kFactor, 29);
}

// Every step can be undone, so different numbers stay different.
std::uint64_t spread(std::uint64_t x) {
  x = (x ^ (x >> 32U)) * 0xd6e8feb86659fd93U;
  x = (x ^ (x >> 29U)) * 0xa0761d6478bd642fU;
  return x ^ (x >> 32U);
}

ByteView without_zero_tail(ByteView bytes) {
  while (bytes.size() >= kWord && load_word(bytes.data() + bytes.size() - kWord) == 0) {
    bytes = bytes.first(bytes.size() - kWord);
  }
  while (!bytes.empty() && bytes.back() == 0) bytes = bytes.first(bytes.size() - 1);
  return bytes;
}

}  // namespace

std::uint64_t mix(std::uint64_t a, std::uint64_t b) {
  return spread(a ^ std::rotl(spread(b + kFactor), 17));
}

std::uint64_t digest(std::uint64_t seed, FixedView<32> bytes) {
  auto state = seed;
  for (std::size_t i = 0; i < bytes.size(); i += kWord) state = mix(state, load_word(bytes.data() + i));
  return state;
}

std::uint64_t checksum(std::uint64_t seed, ByteView bytes) {
  bytes = without_zero_tail(bytes);
  std::uint64_t state = mix(seed, bytes.size());
  auto lanes = kLaneStart;
  for (; bytes.size() >= kLanes * kWord; bytes = bytes.subspan(kLanes * kWord)) {
    for (std::size_t i = 0; i < kLanes; ++i) lanes[i] = absorb(lanes[i], load_word(bytes.data() + i * kWord));
  }
  ByteArray<kLanes * kWord> rest{};
  std::ranges::copy(bytes, rest.begin());
  for (std::size_t i = 0; i < kLanes; ++i) {
    lanes[i] = absorb(lanes[i], load_word(rest.data() + i * kWord));
    state = mix(state, lanes[i]);
  }
  return state;
}

void scramble(std::uint64_t seed, MutableByteView bytes) {
  for (std::uint64_t counter = 0; !bytes.empty(); ++counter) {
    auto word = to_be(mix(seed, counter));
    auto count = std::min(bytes.size(), word.size());
    for (std::size_t i = 0; i < count; ++i) bytes[i] ^= word[i];
    bytes = bytes.subspan(count);
  }
}

}  // namespace nym::sim
