// Acknowledgements, fragments and envelopes by themselves.

#include <gtest/gtest.h>

#include "engine/crypto/constant_time.h"
#include "engine/sphinx/ack_cipher.h"
#include "engine/sphinx/envelope.h"
#include "engine/sphinx/fragment_cipher.h"
#include "sim/kernel/seeded_random.h"

namespace nym::sphinx {
namespace {

TEST(AckCipher, The_iv_travels_in_clear_in_front_of_the_identifier) {
  sim::SeededRandom random(1);
  auto key = draw_secret<16>(random);
  auto iv = draw_array<16>(random);
  AckIdentifier id{1, 2, 3, 4, 5};
  auto sealed = seal_ack(key, iv, id);
  EXPECT_EQ(to_array<16>(sealed), iv);
  EXPECT_NE(to_bytes(ByteView(sealed).last(5)), to_bytes(id));
  EXPECT_EQ(open_ack(key, sealed), id);
  EXPECT_NE(open_ack(draw_secret<16>(random), sealed), id);
}

TEST(FragmentCipher, Only_the_recipient_reads_a_fragment) {
  sim::SeededRandom random(2);
  auto recipient = crypto::X25519PrivateKey::generate(random);
  auto stranger = crypto::X25519PrivateKey::generate(random);
  auto ephemeral = crypto::X25519PrivateKey::generate(random);
  Bytes fragment(100, 3);
  Bytes sealed = seal_fragment(ephemeral, recipient.public_key(), fragment);
  EXPECT_EQ(sealed.size(), kFragmentKeyField + 100);
  EXPECT_EQ(to_array<32>(sealed), ephemeral.public_key().bytes);
  EXPECT_EQ(open_fragment(recipient, sealed), fragment);
  EXPECT_NE(open_fragment(stranger, sealed), fragment);
  EXPECT_TRUE(
      crypto::equal(packet_key(ephemeral, recipient.public_key()), packet_key(recipient, ephemeral.public_key())));
}

TEST(FragmentCipher, A_reply_is_found_by_its_digest_and_opened_by_its_key) {
  sim::SeededRandom random(3);
  auto key = draw_secret<16>(random);
  Bytes fragment(100, 3);
  Bytes sealed = seal_reply_fragment(key, fragment);
  EXPECT_EQ(to_array<32>(sealed), digest_of(key).bytes);
  EXPECT_EQ(open_reply_fragment(key, sealed), fragment);
  EXPECT_NE(open_reply_fragment(draw_secret<16>(random), sealed), fragment);
}

TEST(FragmentCipher, Fewer_than_32_bytes_are_too_short) {
  sim::SeededRandom random(4);
  auto own = crypto::X25519PrivateKey::generate(random);
  for (std::size_t size : {0U, 1U, 31U}) {
    EXPECT_TRUE(open_fragment(own, Bytes(size)).error().is(SphinxError::too_short));
    EXPECT_TRUE(open_reply_fragment(SurbKey(), Bytes(size)).error().is(SphinxError::too_short));
  }
  EXPECT_EQ(open_fragment(own, Bytes(32)), Bytes{});
  EXPECT_EQ(open_reply_fragment(SurbKey(), Bytes(32)), Bytes{});
}

TEST(Envelope, Opens_only_unchanged_and_with_its_keys) {
  sim::SeededRandom random(5);
  auto keys = derive_gateway_keys(draw_secret<32>(random));
  Bytes plaintext(70, 5);
  Bytes sealed = seal_envelope(keys, plaintext);
  EXPECT_EQ(sealed.size(), kEnvelopeMac + 70);
  EXPECT_EQ(open_envelope(keys, sealed), plaintext);
  for (std::size_t bit = 0; bit < sealed.size() * 8; ++bit) {
    Bytes changed = sealed;
    changed[bit / 8] ^= static_cast<std::uint8_t>(1U << (bit % 8));
    EXPECT_TRUE(open_envelope(keys, changed).error().is(SphinxError::bad_mac)) << bit;
  }
  auto other = derive_gateway_keys(draw_secret<32>(random));
  EXPECT_TRUE(open_envelope(other, sealed).error().is(SphinxError::bad_mac));
}

TEST(Envelope, An_empty_content_is_32_bytes_and_less_is_too_short) {
  sim::SeededRandom random(6);
  auto keys = derive_gateway_keys(draw_secret<32>(random));
  Bytes sealed = seal_envelope(keys, {});
  EXPECT_EQ(sealed.size(), kEnvelopeMac);
  EXPECT_EQ(open_envelope(keys, sealed), Bytes{});
  sealed.pop_back();
  EXPECT_TRUE(open_envelope(keys, sealed).error().is(SphinxError::too_short));
  EXPECT_TRUE(open_envelope(keys, {}).error().is(SphinxError::too_short));
}

TEST(Envelope, The_iv_changes_the_ciphertext_but_is_not_authenticated) {
  sim::SeededRandom random(7);
  auto keys = derive_gateway_keys(draw_secret<32>(random));
  Bytes plaintext(40, 1);
  auto iv = draw_array<16>(random);
  Bytes sealed = seal_envelope(keys, plaintext, iv);
  EXPECT_NE(sealed, seal_envelope(keys, plaintext));
  EXPECT_EQ(open_envelope(keys, sealed, iv), plaintext);
  auto with_other_iv = open_envelope(keys, sealed);
  ASSERT_TRUE(with_other_iv.has_value());
  EXPECT_NE(*with_other_iv, plaintext);
}

TEST(GatewaySharedKeys, Are_stored_encryption_key_first) {
  ByteArray<32> bytes{};
  for (std::uint8_t i = 0; i < 32; ++i) bytes[i] = i;
  auto keys = GatewaySharedKeys::from_bytes(bytes);
  EXPECT_EQ(keys.encryption.expose()[0], 0);
  EXPECT_EQ(keys.mac.expose()[0], 16);
  EXPECT_EQ(to_array<32>(keys.to_bytes().expose()), bytes);
}

}  // namespace
}  // namespace nym::sphinx
