// later_gateway.json: the ciphers and key derivations below its messages.

#include <gtest/gtest.h>

#include "engine/crypto/aes_gcm_siv.h"
#include "engine/crypto/hkdf.h"
#include "tests/vectors/recorded_network.h"

namespace nym::crypto {
namespace {

using test::array_of;
using test::bytes_of;
using test::cases_of;
using test::Json;
using test::matches;

const Json& section(const char* name) {
  return test::vectors("later_gateway.json").at(name);
}

void expect_sealed(const Json& row, ByteView associated) {
  GcmSivKey key(array_of<32>(row.at("key")));
  auto nonce = array_of<12>(row.at("nonce"));
  Bytes plaintext = bytes_of(row.at("plaintext"));
  Bytes sealed(plaintext.size() + kGcmSivTag);
  gcm_siv_seal(key, nonce, associated, plaintext, sealed);
  EXPECT_TRUE(matches(row.at("sealed"), sealed)) << row;
  Bytes opened(plaintext.size());
  EXPECT_TRUE(gcm_siv_open(key, nonce, associated, sealed, opened));
  EXPECT_EQ(opened, plaintext);
  sealed.back() ^= 1U;
  EXPECT_FALSE(gcm_siv_open(key, nonce, associated, sealed, opened)) << row;
}

TEST(LaterCryptoVectors, TheCasesOfRfc8452AreSealedAndOpened) {
  for (const auto& row : cases_of(section("rfc8452_aes_256"))) expect_sealed(row, bytes_of(row.at("aad")));
}

TEST(LaterCryptoVectors, RecordedGcmSivMessagesAreSealedAndOpened) {
  for (const auto& row : cases_of(section("aes_256_gcm_siv"))) {
    expect_sealed(row, {});
    EXPECT_FALSE(row.at("last_bit_flipped_opens").get<bool>());
  }
}

TEST(LaterCryptoVectors, HkdfOverBlake3TakesSalts) {
  for (const auto& row : cases_of(section("hkdf_blake3_salted"))) {
    Bytes derived(row.at("len").get<std::size_t>());
    hkdf_blake3(bytes_of(row.at("salt")), bytes_of(row.at("ikm")), {}, derived);
    EXPECT_TRUE(matches(row.at("okm"), derived)) << row;
  }
}

}  // namespace
}  // namespace nym::crypto
