// SHA-256, BLAKE2b, HMAC, HKDF and comparison in constant time.

#include <gtest/gtest.h>

#include "engine/base/text_encoding.h"
#include "engine/crypto/constant_time.h"
#include "engine/crypto/hash.h"
#include "engine/crypto/hkdf.h"
#include "engine/crypto/hmac.h"

namespace nym::crypto {
namespace {

TEST(Sha256, Known_digests) {
  EXPECT_EQ(to_hex(sha256({})), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(to_hex(sha256(as_bytes("abc"))), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(Blake2b, Depends_on_key_and_message) {
  ByteArray<64> key{};
  auto digest = blake2b_keyed(key, as_bytes("a"));
  EXPECT_NE(digest, blake2b_keyed(key, as_bytes("b")));
  key[63] = 1;
  EXPECT_NE(digest, blake2b_keyed(key, as_bytes("a")));
  EXPECT_EQ(blake2b_keyed(key, {}).size(), 32U);
}

// RFC 4231: test cases 1, 2 and 6 (a key longer than a block).
TEST(HmacSha256, The_examples_of_rfc_4231) {
  EXPECT_EQ(to_hex(hmac_sha256(Bytes(20, 0x0b), as_bytes("Hi There"))),
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
  EXPECT_EQ(to_hex(hmac_sha256(as_bytes("Jefe"), as_bytes("what do ya want for nothing?"))),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  EXPECT_EQ(to_hex(hmac_sha256(Bytes(131, 0xaa), as_bytes("Test Using Larger Than Block-Size Key - Hash Key First"))),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

// The definition written out, for keys around the size of a block.
TEST(HmacBlake3, Is_the_ordinary_hmac_over_the_hash_mode) {
  Bytes message(100, 9);
  for (std::size_t size : {0U, 1U, 16U, 63U, 64U, 65U, 200U}) {
    Bytes key(size, 0x33);
    Bytes block = size > 64 ? to_bytes(blake3(key)) : key;
    block.resize(64);
    Bytes inner = block;
    Bytes outer = block;
    for (auto& byte : inner) byte ^= 0x36;
    for (auto& byte : outer) byte ^= 0x5c;
    append(inner, message);
    append(outer, blake3(inner));
    EXPECT_EQ(hmac_blake3(key, message), blake3(outer)) << size;
  }
}

// RFC 5869, test cases 1 and 3.
TEST(HkdfSha256, The_examples_of_rfc_5869) {
  Bytes out(42);
  hkdf_sha256(*from_hex("000102030405060708090a0b0c"), Bytes(22, 0x0b), *from_hex("f0f1f2f3f4f5f6f7f8f9"), out);
  EXPECT_EQ(to_hex(out), "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865");
  hkdf_sha256({}, Bytes(22, 0x0b), {}, out);
  EXPECT_EQ(to_hex(out), "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8");
}

TEST(Hkdf, A_missing_salt_is_32_zero_bytes_and_shorter_outputs_are_prefixes) {
  Bytes input(32, 5);
  Bytes longest(255 * 32);
  hkdf_blake3(Bytes(32), input, {}, longest);
  for (std::size_t size : {0U, 1U, 16U, 31U, 32U, 33U, 64U, 8160U}) {
    Bytes out(size);
    hkdf_blake3({}, input, {}, out);
    EXPECT_EQ(out, to_bytes(ByteView(longest).first(size))) << size;
  }
}

TEST(Hkdf, More_than_255_blocks_are_a_misuse) {
  Bytes out(255 * 32 + 1);
  EXPECT_DEATH(hkdf_sha256({}, {}, {}, out), "broken invariant");
}

TEST(ConstantTime, Sees_every_difference) {
  Bytes a(40, 7);
  EXPECT_TRUE(equal(a, a));
  EXPECT_TRUE(equal(ByteView{}, ByteView{}));
  EXPECT_FALSE(equal(a, ByteView(a).first(39)));
  for (std::size_t i = 0; i < a.size(); ++i) {
    Bytes b = a;
    b[i] ^= 0x80;
    EXPECT_FALSE(equal(a, b)) << i;
    Bytes zeros(40);
    EXPECT_TRUE(is_all_zero(zeros));
    zeros[i] = 1;
    EXPECT_FALSE(is_all_zero(zeros)) << i;
  }
  EXPECT_TRUE(is_all_zero({}));
  EXPECT_TRUE(equal(Secret<2>(ByteArray<2>{1, 2}), Secret<2>(ByteArray<2>{1, 2})));
  EXPECT_FALSE(equal(Secret<2>(ByteArray<2>{1, 2}), Secret<2>(ByteArray<2>{1, 3})));
}

}  // namespace
}  // namespace nym::crypto
