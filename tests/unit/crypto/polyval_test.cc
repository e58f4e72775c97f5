#include "engine/crypto/polyval.h"

#include <gtest/gtest.h>

#include "engine/base/text_encoding.h"
#include "sim/kernel/seeded_random.h"
#include "tests/support/plain_gcm_siv.h"

namespace nym::crypto {
namespace {

std::string polyval_hex(PolyvalStep step, std::string_view key, std::string_view blocks) {
  Polyval hash(to_array<16>(*from_hex(key)), step);
  hash.add_padded(*from_hex(blocks));
  return to_hex(hash.sum().expose());
}

// The worked example of RFC 8452, appendix A.
constexpr std::string_view kKey = "25629347589242761d31f826ba4b757b";
constexpr std::string_view kBlocks = "4f4f95668c83dfb6401762bb2d01a262d1a24ddd2721d006bbe45f20d3c9f362";
constexpr std::string_view kSum = "f7a3b47b846119fae5b7866cf5e5b77e";

TEST(Polyval, GivesTheExampleOfItsSpecification) {
  EXPECT_EQ(polyval_hex(polyval_portable, kKey, kBlocks), kSum);
  EXPECT_EQ(to_hex(test::plain_polyval(to_array<16>(*from_hex(kKey)), *from_hex(kBlocks))), kSum);
}

TEST(Polyval, GivesTheExampleWithTheProcessorsMultiplication) {
  if (polyval_carryless() == nullptr) GTEST_SKIP() << "this processor has no carry-less multiplication";
  EXPECT_EQ(polyval_hex(polyval_carryless(), kKey, kBlocks), kSum);
}

TEST(Polyval, IsTheSameOnAllPathsForRandomAndExtremeBlocks) {
  sim::SeededRandom random(1);
  std::vector<ByteArray<16>> extremes(4);
  extremes[1].fill(0xff);
  extremes[2][0] = 1;
  extremes[3][15] = 0x80;
  for (int i = 0; i < 2'000; ++i) {
    auto key = i % 3 == 0 ? extremes[draw_below(random, extremes.size())] : draw_array<16>(random);
    Bytes blocks(16 * draw_below(random, 8));
    random.fill(blocks);
    if (i % 5 == 0) append(blocks, extremes[draw_below(random, extremes.size())]);
    auto expected = to_bytes(test::plain_polyval(key, blocks));
    Polyval portable(key, polyval_portable);
    portable.add_padded(blocks);
    ASSERT_EQ(to_bytes(portable.sum().expose()), expected) << to_hex(key) << " " << to_hex(blocks);
    if (polyval_carryless() == nullptr) continue;
    Polyval carryless(key, polyval_carryless());
    carryless.add_padded(blocks);
    ASSERT_EQ(to_bytes(carryless.sum().expose()), expected) << to_hex(key) << " " << to_hex(blocks);
  }
}

TEST(Polyval, FillsEachPieceUpWithZeros) {
  sim::SeededRandom random(2);
  auto key = draw_array<16>(random);
  for (std::size_t size = 0; size < 40; ++size) {
    Bytes bytes(size);
    random.fill(bytes);
    Polyval pieces(key);
    pieces.add_padded(bytes);
    pieces.add_padded(bytes);
    Bytes whole = bytes;
    whole.resize((size + 15) / 16 * 16);
    append(whole, bytes);
    whole.resize((size + 15) / 16 * 32);
    EXPECT_EQ(to_bytes(pieces.sum().expose()), to_bytes(test::plain_polyval(key, whole))) << size;
  }
}

}  // namespace
}  // namespace nym::crypto
