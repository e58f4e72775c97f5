#include <gtest/gtest.h>

#include "engine/wire/authentication.h"
#include "engine/wire/handshake.h"

namespace nym::wire {
namespace {

TEST(HandshakeMessages, OtherLengthsAndBadIdentitiesAreRefused) {
  HandshakeInit init{crypto::Ed25519PrivateKey::from_seed(ByteArray<32>{}).public_key(), {{7}}};
  Bytes good = init.to_bytes();
  EXPECT_EQ(HandshakeInit::parse(good).value().ephemeral, init.ephemeral);
  for (std::size_t length : {0U, 31U, 32U, 63U, 65U, 96U}) {
    Bytes other = good;
    other.resize(length);
    EXPECT_EQ(HandshakeInit::parse(other).error().text(), "sent request was malformed");
  }
  Bytes no_point = good;
  std::fill_n(no_point.begin(), 32, std::uint8_t{0});
  no_point[0] = 2;
  EXPECT_TRUE(HandshakeInit::parse(no_point).error().is(WireError::bad_handshake));

  EXPECT_TRUE(HandshakeReply::parse(Bytes(96)).has_value());
  EXPECT_EQ(HandshakeReply::parse(Bytes(95)).error().text(), "received response was malformed:");
  EXPECT_FALSE(HandshakeReply::parse(Bytes(97)).has_value());
}

TEST(HandshakeMessages, SignerPutsItsOwnKeyFirst) {
  crypto::X25519PublicKey own{{1}};
  crypto::X25519PublicKey peer{{2}};
  auto transcript = handshake_transcript(own, peer);
  EXPECT_EQ(transcript[0], 1);
  EXPECT_EQ(transcript[32], 2);
}

TEST(Authentication, HoldsForItsKeyAddressAndIvOnly) {
  crypto::Aes128Key key(ByteArray<16>{1});
  ByteArray<32> address{9};
  auto fields = decode_authenticate(make_authenticate(key, address, crypto::Iv{3})).value();
  EXPECT_TRUE(verifies(fields, key));
  EXPECT_FALSE(verifies(fields, crypto::Aes128Key(ByteArray<16>{2})));
  auto changed = fields;
  changed.iv[15] ^= 1U;
  EXPECT_FALSE(verifies(changed, key));
  changed = fields;
  changed.address[31] ^= 1U;
  EXPECT_FALSE(verifies(changed, key));
  changed = fields;
  changed.encrypted_address[31] ^= 1U;
  EXPECT_FALSE(verifies(changed, key));
}

TEST(Authentication, TheFirstBadFieldIsNamed) {
  AuthenticateRequest request{1, "0", "0", "0"};
  EXPECT_TRUE(decode_authenticate(request).error().text().starts_with("Provided client address"));
  request.address = std::string(32, '1');
  EXPECT_TRUE(decode_authenticate(request).error().text().starts_with("Provided encrypted client address"));
  request.enc_address = std::string(32, '1');
  EXPECT_TRUE(decode_authenticate(request).error().text().starts_with("Provided authentication IV"));
  request.iv = std::string(16, '1');
  EXPECT_TRUE(decode_authenticate(request).has_value());
  request.address = std::string(100'000, '2');
  EXPECT_TRUE(decode_authenticate(request).error().is(WireError::bad_json)) << "too long to decode at all";
}

}  // namespace
}  // namespace nym::wire
