#include "engine/crypto/ed25519.h"

#include <gtest/gtest.h>
#include <sodium.h>

#include "engine/base/text_encoding.h"
#include "sim/kernel/seeded_random.h"

namespace nym::crypto {
namespace {

// RFC 8032 section 7.1, second test.
TEST(Ed25519, The_example_of_rfc_8032) {
  auto seed = to_array<32>(*from_hex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb"));
  auto key = Ed25519PrivateKey::from_seed(seed);
  EXPECT_EQ(to_hex(key.public_key().bytes()), "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c");
  auto signature = key.sign(Bytes{0x72});
  EXPECT_EQ(to_hex(signature),
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
            "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00");
  EXPECT_TRUE(verify(key.public_key(), Bytes{0x72}, signature));
}

TEST(Ed25519, Any_changed_bit_breaks_a_signature) {
  sim::SeededRandom random(1);
  auto key = Ed25519PrivateKey::generate(random);
  Bytes message(40, 7);
  auto signature = key.sign(message);
  ASSERT_TRUE(verify(key.public_key(), message, signature));
  for (std::size_t bit = 0; bit < signature.size() * 8; ++bit) {
    auto changed = signature;
    changed[bit / 8] ^= static_cast<std::uint8_t>(1U << (bit % 8));
    EXPECT_FALSE(verify(key.public_key(), message, changed)) << bit;
  }
  for (std::size_t bit = 0; bit < message.size() * 8; bit += 7) {
    Bytes changed = message;
    changed[bit / 8] ^= static_cast<std::uint8_t>(1U << (bit % 8));
    EXPECT_FALSE(verify(key.public_key(), changed, signature)) << bit;
  }
}

TEST(Ed25519, Keys_are_made_from_their_seeds) {
  sim::SeededRandom random(2);
  auto key = Ed25519PrivateKey::generate(random);
  auto again = Ed25519PrivateKey::from_seed(key.expose_seed());
  EXPECT_EQ(key.public_key(), again.public_key());
  EXPECT_EQ(key.sign({}), again.sign({}));
}

// libsodium finds out whether there is a point by adding the neutral element to it.
bool is_point_for_libsodium(const ByteArray<32>& bytes) {
  constexpr ByteArray<32> kNeutral{1};
  ByteArray<32> sum{};
  return crypto_core_ed25519_add(sum.data(), bytes.data(), kNeutral.data()) == 0;
}

TEST(Ed25519, Public_keys_are_the_points_that_libsodium_knows) {
  ASSERT_GE(sodium_init(), 0);
  sim::SeededRandom random(3);
  std::size_t points = 0;
  constexpr std::size_t kRounds = 2'000;
  for (std::size_t i = 0; i < kRounds; ++i) {
    auto bytes = draw_array<32>(random);
    ASSERT_EQ(Ed25519PublicKey::parse(bytes).has_value(), is_point_for_libsodium(bytes)) << to_hex(bytes);
    points += is_point_for_libsodium(bytes) ? 1U : 0U;
  }
  EXPECT_GT(points, kRounds / 3);
  EXPECT_LT(points, kRounds * 2 / 3);
}

TEST(Ed25519, Public_keys_at_the_edges_are_those_of_libsodium) {
  ASSERT_GE(sodium_init(), 0);
  for (int lowest = 0; lowest < 256; ++lowest) {
    for (auto others : ByteArray<2>{0x00, 0xff}) {
      for (auto top : ByteArray<4>{0x00, 0x7f, 0x80, 0xff}) {
        ByteArray<32> bytes;
        bytes.fill(others);
        bytes[0] = static_cast<std::uint8_t>(lowest);
        bytes[31] = top;
        EXPECT_EQ(Ed25519PublicKey::parse(bytes).has_value(), is_point_for_libsodium(bytes)) << to_hex(bytes);
      }
    }
  }
}

TEST(Ed25519, Parsing_says_what_is_wrong) {
  auto text_of = [](std::size_t size) { return Ed25519PublicKey::parse(Bytes(size, 2)).error(); };
  for (std::size_t size : {0U, 31U, 33U, 64U}) {
    EXPECT_EQ(text_of(size).text(), "signature error: PublicKey must be 32 bytes in length");
    EXPECT_TRUE(text_of(size).is(CryptoError::bad_length));
  }
  Bytes no_point(32);
  no_point[0] = 2;
  auto error = Ed25519PublicKey::parse(no_point).error();
  EXPECT_EQ(error.text(), "signature error: Cannot decompress Edwards point");
  EXPECT_TRUE(error.is(CryptoError::not_a_point));
}

TEST(Ed25519, Parsed_keys_keep_their_bytes) {
  Bytes not_canonical(32, 0xff);
  not_canonical[0] = 0xee;  // p + 1, the neutral element
  not_canonical[31] = 0x7f;
  auto key = Ed25519PublicKey::parse(not_canonical);
  ASSERT_TRUE(key.has_value());
  EXPECT_EQ(to_bytes(key->bytes()), not_canonical);
}

}  // namespace
}  // namespace nym::crypto
