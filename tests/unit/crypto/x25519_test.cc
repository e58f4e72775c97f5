#include "engine/crypto/x25519.h"

#include <gtest/gtest.h>

#include "engine/base/text_encoding.h"
#include "engine/crypto/constant_time.h"
#include "sim/kernel/seeded_random.h"

namespace nym::crypto {
namespace {

ByteArray<32> bytes_of(const char* hex) {
  return to_array<32>(*from_hex(hex));
}

TEST(X25519, The_examples_of_rfc_7748) {
  auto own = X25519PrivateKey::from_bytes(bytes_of("5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb"));
  X25519PublicKey remote{bytes_of("8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a")};
  EXPECT_EQ(to_hex(own.public_key().bytes), "de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f");
  EXPECT_EQ(to_hex(diffie_hellman(own, remote).expose()),
            "4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742");
}

// Section 5.2: each result is the next scalar, the last scalar the next point.
TEST(X25519, A_thousand_times_over) {
  ByteArray<32> scalar{9};
  ByteArray<32> point{9};
  for (int i = 0; i < 1000; ++i) {
    auto result = to_array<32>(diffie_hellman(X25519PrivateKey::from_bytes(scalar), {point}).expose());
    point = scalar;
    scalar = result;
    if (i == 0) {
      EXPECT_EQ(to_hex(scalar), "422c8e7a6227d7bca1350b3e2bb7279f7897b87bb6854b783c60e80311ae3079");
    }
  }
  EXPECT_EQ(to_hex(scalar), "684cf59ba83309552800ef566f2f4d3c1c3887c49360e3875f2eb94d99532c51");
}

TEST(X25519, Both_ends_agree) {
  sim::SeededRandom random(1);
  for (int i = 0; i < 20; ++i) {
    auto a = X25519KeyPair::generate(random);
    auto b = X25519KeyPair::generate(random);
    EXPECT_EQ(a.public_key, a.secret.public_key());
    EXPECT_TRUE(equal(diffie_hellman(a.secret, b.public_key), diffie_hellman(b.secret, a.public_key)));
  }
}

TEST(X25519, A_key_used_once_gives_what_it_gives_otherwise) {
  sim::SeededRandom random(4);
  for (int i = 0; i < 20; ++i) {
    auto own = X25519PrivateKey::generate(random);
    X25519PublicKey remote{draw_array<32>(random)};
    auto agreement = agree_once(own, remote);
    EXPECT_EQ(agreement.public_key, own.public_key());
    EXPECT_TRUE(equal(agreement.shared, diffie_hellman(own, remote)));
  }
}

TEST(X25519, Generated_keys_are_clamped_draws) {
  sim::SeededRandom random(2);
  sim::SeededRandom same(2);
  auto key = X25519PrivateKey::generate(random);
  auto drawn = draw_array<32>(same);
  EXPECT_EQ(to_bytes(key.expose()), to_bytes(X25519PrivateKey::from_bytes(drawn).expose()));
  EXPECT_EQ(key.expose()[0] & 7, 0);
  EXPECT_EQ(key.expose()[31] & 0xc0, 0x40);
}

TEST(X25519, Low_order_points_give_zeros) {
  sim::SeededRandom random(3);
  auto key = X25519PrivateKey::generate(random);
  for (const char* hex : {"0000000000000000000000000000000000000000000000000000000000000000",
                          "0100000000000000000000000000000000000000000000000000000000000000",
                          "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
                          "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
                          "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                          "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                          "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"}) {
    X25519PublicKey point{bytes_of(hex)};
    EXPECT_TRUE(is_all_zero(diffie_hellman(key, point).expose())) << hex;
    point.bytes[31] |= 0x80U;
    EXPECT_TRUE(is_all_zero(diffie_hellman(key, point).expose())) << hex << " with its top bit";
  }
}

}  // namespace
}  // namespace nym::crypto
