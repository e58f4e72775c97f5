#include "engine/crypto/blake3.h"

#include <gtest/gtest.h>

#include <bit>

#include "engine/base/text_encoding.h"
#include "engine/crypto/hash.h"
#include "sim/kernel/seeded_random.h"

namespace nym::crypto {
namespace {

// A second implementation, recursive and slow, straight from the definition of the tree.
namespace oracle {

using Words = std::vector<std::uint32_t>;

const Words kInitial{0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
constexpr std::uint32_t kChunkStart = 1;
constexpr std::uint32_t kChunkEnd = 2;
constexpr std::uint32_t kParent = 4;
constexpr std::uint32_t kRoot = 8;

void mix(Words& v, std::array<std::size_t, 4> at, std::uint32_t x, std::uint32_t y) {
  auto [a, b, c, d] = at;
  v[a] = v[a] + v[b] + x;
  v[d] = std::rotr(v[d] ^ v[a], 16);
  v[c] = v[c] + v[d];
  v[b] = std::rotr(v[b] ^ v[c], 12);
  v[a] = v[a] + v[b] + y;
  v[d] = std::rotr(v[d] ^ v[a], 8);
  v[c] = v[c] + v[d];
  v[b] = std::rotr(v[b] ^ v[c], 7);
}

Words compress(const Words& value, Words message, std::uint64_t counter, std::size_t length, std::uint32_t flags) {
  Words v = value;
  v.insert(v.end(), kInitial.begin(), kInitial.begin() + 4);
  v.insert(v.end(), {static_cast<std::uint32_t>(counter), static_cast<std::uint32_t>(counter >> 32U),
                     static_cast<std::uint32_t>(length), flags});
  for (int round = 0; round < 7; ++round) {
    for (std::size_t i = 0; i < 4; ++i) mix(v, {i, i + 4, i + 8, i + 12}, message[2 * i], message[2 * i + 1]);
    for (std::size_t i = 0; i < 4; ++i) {
      mix(v, {i, 4 + (i + 1) % 4, 8 + (i + 2) % 4, 12 + (i + 3) % 4}, message[8 + 2 * i], message[9 + 2 * i]);
    }
    Words permuted;
    for (unsigned from : {2U, 6U, 3U, 10U, 7U, 0U, 4U, 13U, 1U, 11U, 12U, 5U, 9U, 14U, 15U, 8U}) {
      permuted.push_back(message[from]);
    }
    message = permuted;
  }
  Words out;
  for (std::size_t i = 0; i < 8; ++i) out.push_back(v[i] ^ v[i + 8]);
  return out;
}

Words chunk(ByteView bytes, std::uint64_t counter, std::uint32_t root) {
  Words value = kInitial;
  std::size_t blocks = std::max<std::size_t>(1, (bytes.size() + 63) / 64);
  for (std::size_t block = 0; block < blocks; ++block) {
    Words message(16);
    std::size_t length = std::min<std::size_t>(64, bytes.size() - block * 64);
    for (std::size_t i = 0; i < length; ++i) {
      message[i / 4] |= static_cast<std::uint32_t>(bytes[block * 64 + i]) << (8 * (i % 4));
    }
    std::uint32_t flags = (block == 0 ? kChunkStart : 0) | (block + 1 == blocks ? kChunkEnd | root : 0);
    value = compress(value, message, counter, length, flags);
  }
  return value;
}

// The left subtree is the largest complete one that leaves something for the right one.
Words tree(ByteView bytes, std::uint64_t counter, std::uint32_t root) {
  if (bytes.size() <= 1024) return chunk(bytes, counter, root);
  std::size_t left = 1024;
  while (left * 2 < bytes.size()) left *= 2;
  Words message = tree(bytes.first(left), counter, 0);
  Words right = tree(bytes.subspan(left), counter + left / 1024, 0);
  message.insert(message.end(), right.begin(), right.end());
  return compress(kInitial, message, 0, 64, kParent | root);
}

Bytes digest(ByteView bytes) {
  Bytes out;
  for (std::uint32_t word : tree(bytes, 0, kRoot)) {
    for (unsigned shift = 0; shift < 32; shift += 8) out.push_back(static_cast<std::uint8_t>(word >> shift));
  }
  return out;
}

}  // namespace oracle

Bytes pattern(std::size_t size) {
  Bytes bytes(size);
  for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<std::uint8_t>(i % 251);
  return bytes;
}

Bytes hash(ByteView message) {
  return to_bytes(blake3(message));
}

TEST(Blake3, Known_digests) {
  EXPECT_EQ(to_hex(hash({})), "af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262");
  EXPECT_EQ(to_hex(hash(pattern(1))), "2d3adedff11b61f14c886e35afa036736dcd87a74d27b5c1510225d0f592e213");
}

TEST(Blake3, Is_the_slow_definition_at_every_length_of_the_first_chunks) {
  Bytes message = pattern(3 * 1024 + 70);
  for (std::size_t length = 0; length <= message.size(); ++length) {
    auto part = ByteView(message).first(length);
    ASSERT_EQ(hash(part), oracle::digest(part)) << length;
  }
}

TEST(Blake3, Is_the_slow_definition_around_every_number_of_chunks) {
  Bytes message = pattern(70 * 1024);
  for (std::size_t chunks = 1; chunks <= 68; ++chunks) {
    for (std::size_t length :
         {chunks * 1024 - 65, chunks * 1024 - 1, chunks * 1024, chunks * 1024 + 1, chunks * 1024 + 65}) {
      auto part = ByteView(message).first(length);
      ASSERT_EQ(hash(part), oracle::digest(part)) << length;
    }
  }
}

TEST(Blake3, Is_the_slow_definition_around_a_thousand_chunks) {
  Bytes message = pattern(1025 * 1024);
  for (std::size_t length : {1023U * 1024 + 1, 1024U * 1024 - 1, 1024U * 1024, 1024U * 1024 + 1, 1025U * 1024}) {
    auto part = ByteView(message).first(length);
    ASSERT_EQ(hash(part), oracle::digest(part)) << length;
  }
}

TEST(Blake3, How_a_message_is_cut_into_updates_does_not_matter) {
  sim::SeededRandom random(1);
  Bytes message = pattern(9000);
  for (int round = 0; round < 300; ++round) {
    auto length = static_cast<std::size_t>(draw_below(random, message.size()));
    auto rest = ByteView(message).first(length);
    auto expected = hash(rest);
    Blake3 hash_in_parts;
    while (!rest.empty()) {
      auto longest = draw_below(random, 2) == 0 ? 70U : 3000U;
      auto count = std::min(rest.size(), static_cast<std::size_t>(draw_below(random, longest)));
      hash_in_parts.update(rest.first(count));
      rest = rest.subspan(count);
    }
    ASSERT_EQ(to_bytes(hash_in_parts.finish()), expected) << length;
  }
}

TEST(Blake3, A_copy_goes_on_by_itself) {
  Blake3 original;
  original.update(pattern(1500));
  Blake3 copy = original;
  original.update(pattern(10));
  Bytes longer = pattern(1500);
  append(longer, pattern(10));
  EXPECT_EQ(to_bytes(copy.finish()), hash(pattern(1500)));
  EXPECT_EQ(to_bytes(original.finish()), hash(longer));
}

}  // namespace
}  // namespace nym::crypto
