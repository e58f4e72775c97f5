#include "engine/crypto/blake3.h"

#include <algorithm>
#include <bit>

namespace nym::crypto {
namespace {

using Words8 = std::array<std::uint32_t, 8>;
using Words16 = std::array<std::uint32_t, 16>;

constexpr std::size_t kBlocksPerChunk = 16;
constexpr Words8 kInitial{0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                          0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};

enum Flag : std::uint32_t { kNone = 0, kChunkStart = 1, kChunkEnd = 2, kParent = 4, kRoot = 8 };

// What is compressed besides the chaining value and the message.
struct Parameters {
  std::uint64_t counter = 0;
  std::uint32_t length = 0;
  std::uint32_t flags = kNone;
};

// Word i of the message in the next round is word kPermutation[i] of this one.
constexpr std::array<std::uint8_t, 16> kPermutation{2, 6, 3, 10, 7, 0, 4, 13, 1, 11, 12, 5, 9, 14, 15, 8};

constexpr auto kSchedule = [] {
  std::array<std::array<std::uint8_t, 16>, 7> rounds{};
  for (std::uint8_t i = 0; i < 16; ++i) rounds[0][i] = i;
  for (std::size_t round = 1; round < rounds.size(); ++round) {
    for (std::size_t i = 0; i < 16; ++i) rounds[round][i] = rounds[round - 1][kPermutation[i]];
  }
  return rounds;
}();

inline void mix(std::uint32_t& a, std::uint32_t& b, std::uint32_t& c, std::uint32_t& d, std::uint32_t x,
                std::uint32_t y) {
  a += b + x;
  d = std::rotr(d ^ a, 16);
  c += d;
  b = std::rotr(b ^ c, 12);
  a += b + y;
  d = std::rotr(d ^ a, 8);
  c += d;
  b = std::rotr(b ^ c, 7);
}

template <std::size_t Round>
inline void mix_round(Words16& v, const Words16& m) {
  constexpr auto kOrder = kSchedule[Round];
  mix(v[0], v[4], v[8], v[12], m[kOrder[0]], m[kOrder[1]]);
  mix(v[1], v[5], v[9], v[13], m[kOrder[2]], m[kOrder[3]]);
  mix(v[2], v[6], v[10], v[14], m[kOrder[4]], m[kOrder[5]]);
  mix(v[3], v[7], v[11], v[15], m[kOrder[6]], m[kOrder[7]]);
  mix(v[0], v[5], v[10], v[15], m[kOrder[8]], m[kOrder[9]]);
  mix(v[1], v[6], v[11], v[12], m[kOrder[10]], m[kOrder[11]]);
  mix(v[2], v[7], v[8], v[13], m[kOrder[12]], m[kOrder[13]]);
  mix(v[3], v[4], v[9], v[14], m[kOrder[14]], m[kOrder[15]]);
}

Words8 compress(const Words8& value, const Words16& message, const Parameters& parameters) {
  Words16 v{value[0],
            value[1],
            value[2],
            value[3],
            value[4],
            value[5],
            value[6],
            value[7],
            kInitial[0],
            kInitial[1],
            kInitial[2],
            kInitial[3],
            static_cast<std::uint32_t>(parameters.counter & 0xffffffffU),
            static_cast<std::uint32_t>(parameters.counter >> 32U),
            parameters.length,
            parameters.flags};
  mix_round<0>(v, message);
  mix_round<1>(v, message);
  mix_round<2>(v, message);
  mix_round<3>(v, message);
  mix_round<4>(v, message);
  mix_round<5>(v, message);
  mix_round<6>(v, message);
  Words8 out{};
  for (std::size_t i = 0; i < 8; ++i) out[i] = v[i] ^ v[i + 8];
  return out;
}

Words16 words_of(FixedView<Blake3::kBlock> block) {
  Words16 words{};
  for (std::size_t i = 0; i < 16; ++i) {
    words[i] = static_cast<std::uint32_t>(block[4 * i]) | static_cast<std::uint32_t>(block[4 * i + 1]) << 8U |
               static_cast<std::uint32_t>(block[4 * i + 2]) << 16U |
               static_cast<std::uint32_t>(block[4 * i + 3]) << 24U;
  }
  return words;
}

Words8 parent_value(const Words8& left, const Words8& right, std::uint32_t extra_flags) {
  Words16 message{};
  std::ranges::copy(left, message.begin());
  std::ranges::copy(right, message.begin() + 8);
  return compress(kInitial, message, {.counter = 0, .length = Blake3::kBlock, .flags = kParent | extra_flags});
}

}  // namespace

Blake3::Blake3() {
  start_chunk(0);
}

Blake3::~Blake3() {
  auto wipe_words = [](Words& words) { wipe({reinterpret_cast<std::uint8_t*>(words.data()), sizeof words}); };
  wipe(chunk_.buffer);
  wipe_words(chunk_.chaining_value);
  for (std::size_t i = 0; i < stack_size_; ++i) wipe_words(stack_[i]);
}

void Blake3::update(ByteView message) {
  while (!message.empty()) {
    bool chunk_is_full = chunk_.blocks_compressed == kBlocksPerChunk - 1 && chunk_.buffered == kBlock;
    if (chunk_is_full) finish_chunk();
    message = fill_chunk(message);
  }
}

ByteArray<Blake3::kDigest> Blake3::finish() {
  Words value = last_block_value(stack_size_ == 0 ? kRoot : kNone);
  for (std::size_t i = stack_size_; i-- > 0;) value = parent_value(stack_[i], value, i == 0 ? kRoot : kNone);
  ByteArray<kDigest> digest{};
  for (std::size_t i = 0; i < digest.size(); ++i) {
    digest[i] = static_cast<std::uint8_t>((value[i / 4] >> (8 * (i % 4))) & 0xffU);
  }
  return digest;
}

void Blake3::start_chunk(std::uint64_t counter) {
  chunk_.chaining_value = kInitial;
  chunk_.counter = counter;
  chunk_.blocks_compressed = 0;
  chunk_.buffered = 0;
}

void Blake3::compress_block(FixedView<kBlock> block) {
  std::uint32_t flags = chunk_.blocks_compressed == 0 ? kChunkStart : kNone;
  chunk_.chaining_value =
      compress(chunk_.chaining_value, words_of(block), {.counter = chunk_.counter, .length = kBlock, .flags = flags});
  ++chunk_.blocks_compressed;
}

ByteView Blake3::fill_chunk(ByteView message) {
  if (chunk_.buffered == kBlock) {
    compress_block(chunk_.buffer);
    chunk_.buffered = 0;
  }
  while (chunk_.buffered == 0 && message.size() > kBlock && chunk_.blocks_compressed < kBlocksPerChunk - 1) {
    compress_block(message.first<kBlock>());
    message = message.subspan(kBlock);
  }
  auto count = std::min(message.size(), kBlock - chunk_.buffered);
  std::copy_n(message.begin(), count, chunk_.buffer.begin() + static_cast<std::ptrdiff_t>(chunk_.buffered));
  chunk_.buffered += count;
  return message.subspan(count);
}

// A finished chunk completes one subtree for every trailing zero of the number of chunks so far.
void Blake3::finish_chunk() {
  Words value = last_block_value(kNone);
  std::uint64_t chunks = chunk_.counter + 1;
  for (std::uint64_t rest = chunks; (rest & 1U) == 0; rest >>= 1U) {
    value = parent_value(stack_[stack_size_ - 1], value, kNone);
    --stack_size_;
  }
  stack_[stack_size_++] = value;
  start_chunk(chunks);
}

Blake3::Words Blake3::last_block_value(std::uint32_t extra_flags) const {
  ByteArray<kBlock> padded{};
  std::copy_n(chunk_.buffer.begin(), chunk_.buffered, padded.begin());
  std::uint32_t flags = kChunkEnd | extra_flags | (chunk_.blocks_compressed == 0 ? kChunkStart : kNone);
  return compress(chunk_.chaining_value, words_of(padded),
                  {.counter = chunk_.counter, .length = static_cast<std::uint32_t>(chunk_.buffered), .flags = flags});
}

}  // namespace nym::crypto
