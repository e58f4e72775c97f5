#include "engine/crypto/aes_gcm_siv.h"

#include <gtest/gtest.h>
#include <openssl/evp.h>

#include <algorithm>
#include <memory>

#include "engine/base/text_encoding.h"
#include "sim/kernel/seeded_random.h"
#include "tests/support/plain_gcm_siv.h"

namespace nym::crypto {
namespace {

Bytes seal(const GcmSivKey& key, const GcmSivNonce& nonce, ByteView associated, ByteView plaintext) {
  Bytes sealed(plaintext.size() + kGcmSivTag);
  gcm_siv_seal(key, nonce, associated, plaintext, sealed);
  return sealed;
}

std::optional<Bytes> open(const GcmSivKey& key, const GcmSivNonce& nonce, ByteView associated, ByteView sealed) {
  Bytes plaintext(sealed.size() - kGcmSivTag, 0xee);
  if (gcm_siv_open(key, nonce, associated, sealed, plaintext)) return plaintext;
  EXPECT_EQ(plaintext, Bytes(plaintext.size())) << "nothing of what is refused may be left";
  return std::nullopt;
}

struct Case {
  GcmSivKey key;
  GcmSivNonce nonce{};
  Bytes associated;
  Bytes plaintext;

  static Case draw(RandomSource& random) {
    Case drawn{.key = draw_secret<32>(random), .nonce = draw_array<12>(random), .associated = {}, .plaintext = {}};
    drawn.plaintext.resize(size_below(random, 4'096));
    random.fill(drawn.plaintext);
    drawn.associated.resize(draw_below(random, 4) == 0 ? size_below(random, 256) : 0);
    random.fill(drawn.associated);
    return drawn;
  }
  /// Up to `most`, the short ones as often as the long ones.
  static std::size_t size_below(RandomSource& random, std::size_t most) {
    std::size_t bits = draw_below(random, 13);
    std::size_t bound = std::min(most, std::size_t{1} << bits);
    return draw_below(random, bound + 1);
  }
};

TEST(AesGcmSiv, AgreesWithAPlainImplementationOnAHundredThousandMessages) {
  sim::SeededRandom random(1);
  for (int i = 0; i < 100'000; ++i) {
    auto drawn = Case::draw(random);
    Bytes sealed = seal(drawn.key, drawn.nonce, drawn.associated, drawn.plaintext);
    ASSERT_EQ(sealed,
              test::plain_gcm_siv(to_array<32>(drawn.key.expose()), drawn.nonce, drawn.associated, drawn.plaintext))
        << i;
    if (i % 16 == 0) {
      ASSERT_EQ(open(drawn.key, drawn.nonce, drawn.associated, sealed), drawn.plaintext) << i;
    }
  }
}

TEST(AesGcmSiv, RefusesEveryChangedBit) {
  sim::SeededRandom random(2);
  GcmSivKey key = draw_secret<32>(random);
  auto nonce = draw_array<12>(random);
  Bytes associated{1, 2, 3};
  Bytes sealed = seal(key, nonce, associated, Bytes(37, 5));
  ASSERT_TRUE(open(key, nonce, associated, sealed).has_value());
  for (std::size_t bit = 0; bit < sealed.size() * 8; ++bit) {
    Bytes changed = sealed;
    changed[bit / 8] ^= static_cast<std::uint8_t>(1U << (bit % 8));
    EXPECT_FALSE(open(key, nonce, associated, changed).has_value()) << bit;
  }
  auto other_nonce = nonce;
  other_nonce[11] ^= 1U;
  EXPECT_FALSE(open(key, other_nonce, associated, sealed).has_value());
  EXPECT_FALSE(open(key, nonce, Bytes{1, 2}, sealed).has_value());
  EXPECT_FALSE(open(draw_secret<32>(random), nonce, associated, sealed).has_value());
}

TEST(AesGcmSiv, SealsNothingToATagAlone) {
  GcmSivKey key;
  Bytes sealed = seal(key, {}, {}, {});
  EXPECT_EQ(sealed.size(), kGcmSivTag);
  EXPECT_EQ(open(key, {}, {}, sealed), Bytes());
  sealed[0] ^= 1U;
  EXPECT_FALSE(open(key, {}, {}, sealed).has_value());
}

TEST(AesGcmSiv, BuffersThatDoNotFitAreAMisuse) {
  GcmSivKey key;
  Bytes short_by_one(kGcmSivTag - 1);
  EXPECT_DEATH(gcm_siv_seal(key, {}, {}, {}, short_by_one), "broken invariant");
  Bytes plaintext(4);
  EXPECT_DEATH(static_cast<void>(gcm_siv_open(key, {}, {}, Bytes(kGcmSivTag), plaintext)), "broken invariant");
}

// The same cipher of libcrypto, which has it from 3.2 on.
class OfLibcrypto : public testing::Test {
 protected:
  void SetUp() override {
    cipher_.reset(EVP_CIPHER_fetch(nullptr, "AES-256-GCM-SIV", nullptr));
    if (cipher_ == nullptr) GTEST_SKIP() << "this libcrypto has no AES-256-GCM-SIV: it came with 3.2";
  }
  Bytes seal(const Case& drawn) {
    std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)> context(EVP_CIPHER_CTX_new(), EVP_CIPHER_CTX_free);
    int written = 0;
    Bytes sealed(drawn.plaintext.size() + kGcmSivTag);
    bool done =
        EVP_EncryptInit_ex(context.get(), cipher_.get(), nullptr, drawn.key.expose().data(), drawn.nonce.data()) == 1;
    if (!drawn.associated.empty()) {
      auto size = static_cast<int>(drawn.associated.size());
      done = done && EVP_EncryptUpdate(context.get(), nullptr, &written, drawn.associated.data(), size) == 1;
    }
    auto size = static_cast<int>(drawn.plaintext.size());
    done = done && EVP_EncryptUpdate(context.get(), sealed.data(), &written, drawn.plaintext.data(), size) == 1 &&
           EVP_EncryptFinal_ex(context.get(), sealed.data() + size, &written) == 1 &&
           EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_GET_TAG, kGcmSivTag, sealed.data() + size) == 1;
    EXPECT_TRUE(done);
    return sealed;
  }

 private:
  std::unique_ptr<EVP_CIPHER, decltype(&EVP_CIPHER_free)> cipher_{nullptr, EVP_CIPHER_free};
};

TEST_F(OfLibcrypto, GcmSivAgreesWithOurs) {
  sim::SeededRandom random(3);
  for (int i = 0; i < 2'000; ++i) {
    auto drawn = Case::draw(random);
    if (drawn.plaintext.empty()) drawn.plaintext.push_back(1);
    ASSERT_EQ(crypto::seal(drawn.key, drawn.nonce, drawn.associated, drawn.plaintext), seal(drawn)) << i;
  }
}

}  // namespace
}  // namespace nym::crypto
