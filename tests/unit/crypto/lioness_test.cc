#include "engine/crypto/lioness.h"

#include <gtest/gtest.h>

#include <bit>

#include "sim/kernel/seeded_random.h"

namespace nym::crypto {
namespace {

TEST(Lioness, Decryption_undoes_encryption_and_the_other_way_round) {
  sim::SeededRandom random(1);
  for (std::size_t size : {33U, 34U, 64U, 65U, 96U, 128U, 160U, 161U, 2065U}) {
    auto key = draw_secret<192>(random);
    Bytes clear(size);
    random.fill(clear);
    Bytes block = clear;
    lioness_encrypt(key, block);
    EXPECT_NE(block, clear);
    lioness_decrypt(key, block);
    EXPECT_EQ(block, clear);
    lioness_decrypt(key, block);
    lioness_encrypt(key, block);
    EXPECT_EQ(block, clear);
  }
}

TEST(Lioness, One_changed_bit_changes_half_of_the_block) {
  sim::SeededRandom random(2);
  auto key = draw_secret<192>(random);
  for (std::size_t changed : {0U, 31U, 32U, 100U, 511U}) {
    Bytes a(512, 1);
    Bytes b = a;
    b[changed] ^= 1;
    lioness_decrypt(key, a);
    lioness_decrypt(key, b);
    int different = 0;
    for (std::size_t i = 0; i < a.size(); ++i) different += std::popcount(static_cast<unsigned>(a[i] ^ b[i]));
    EXPECT_NEAR(different, 2048, 250) << changed;
  }
}

TEST(Lioness, Every_part_of_the_key_counts) {
  Bytes reference(100);
  lioness_encrypt(LionessKey(), reference);
  for (std::size_t part : {0U, 31U, 32U, 95U, 96U, 127U, 128U, 191U}) {
    ByteArray<192> key{};
    key[part] = 1;
    Bytes block(100);
    lioness_encrypt(LionessKey(key), block);
    EXPECT_NE(block, reference) << part;
  }
}

TEST(Lioness, Blocks_without_a_right_half_are_a_misuse) {
  Bytes block(kLionessMinimum);
  EXPECT_DEATH(lioness_encrypt(LionessKey(), block), "broken invariant");
  EXPECT_DEATH(lioness_decrypt(LionessKey(), block), "broken invariant");
}

}  // namespace
}  // namespace nym::crypto
