#include "engine/crypto/aes_gcm_siv.h"

#include <openssl/evp.h>

#include <algorithm>
#include <bit>
#include <memory>

#include "engine/base/check.h"
#include "engine/crypto/constant_time.h"
#include "engine/crypto/polyval.h"

namespace nym::crypto {
namespace {

constexpr std::size_t kBlock = 16;
constexpr std::uint64_t kLongest = std::uint64_t{1} << 36U;
using Block = std::span<std::uint8_t, kBlock>;

struct FreeCipher {
  void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};
using Cipher = std::unique_ptr<EVP_CIPHER_CTX, FreeCipher>;

Cipher new_cipher() {
  Cipher context(EVP_CIPHER_CTX_new());
  NYM_CHECK(context != nullptr);
  NYM_CHECK(EVP_EncryptInit_ex(context.get(), EVP_aes_256_ecb(), nullptr, nullptr, nullptr) == 1);
  return context;
}

/// The block cipher under one key, many independent blocks at a time. Each thread has one at a time.
class Aes256 {
 public:
  explicit Aes256(const Secret<32>& key) : context_(this_threads_context()) { rekey(key.expose().data()); }
  Aes256(const Aes256&) = delete;
  Aes256& operator=(const Aes256&) = delete;
  ~Aes256() {
    constexpr ByteArray<32> kNothing{};
    rekey(kNothing.data());  // the context outlives the key
  }

  void encrypt(MutableByteView blocks) const {
    int written = 0;
    auto size = static_cast<int>(blocks.size());
    NYM_CHECK(EVP_EncryptUpdate(context_, blocks.data(), &written, blocks.data(), size) == 1 && written == size);
  }

 private:
  // Looking a cipher up costs more than most messages.
  static EVP_CIPHER_CTX* this_threads_context() {
    thread_local const Cipher context = new_cipher();
    return context.get();
  }
  void rekey(const std::uint8_t* key) const {
    NYM_CHECK(EVP_EncryptInit_ex(context_, nullptr, nullptr, key, nullptr) == 1);
  }

  EVP_CIPHER_CTX* context_;
};

void store_le32(std::uint32_t value, std::span<std::uint8_t, 4> to) {
  store_be(std::byteswap(value), to);
}

struct MessageKeys {
  Secret<16> authentication;
  Secret<32> encryption;
};

// RFC 8452 section 4: of six encrypted blocks, counter ‖ nonce, the first halves.
MessageKeys derive_keys(const GcmSivKey& key, const GcmSivNonce& nonce) {
  constexpr std::size_t kHalf = 8;
  constexpr std::size_t kBlocks = 6;
  Secret<kBlocks * kBlock> blocks;
  for (std::uint32_t i = 0; i < kBlocks; ++i) {
    auto block = blocks.expose_mutable().subspan(i * kBlock, kBlock);
    store_le32(i, block.first<4>());
    std::ranges::copy(nonce, block.begin() + 4);
  }
  Aes256(key).encrypt(blocks.expose_mutable());

  MessageKeys keys;
  auto half = [&](std::size_t i) { return blocks.expose().subspan(i * kBlock, kHalf); };
  for (std::size_t i = 0; i < 2; ++i) {
    std::ranges::copy(half(i), keys.authentication.expose_mutable().subspan(i * kHalf).begin());
  }
  for (std::size_t i = 0; i < 4; ++i) {
    std::ranges::copy(half(i + 2), keys.encryption.expose_mutable().subspan(i * kHalf).begin());
  }
  return keys;
}

Secret<kGcmSivTag> tag_of(const MessageKeys& keys, const Aes256& cipher, const GcmSivNonce& nonce, ByteView associated,
                          ByteView plaintext) {
  constexpr std::uint64_t kBits = 8;
  ByteArray<kBlock> lengths{};
  store_be(std::byteswap(associated.size() * kBits), std::span(lengths).first<8>());
  store_be(std::byteswap(plaintext.size() * kBits), std::span(lengths).last<8>());
  Polyval hash(keys.authentication.expose());
  hash.add_padded(associated);
  hash.add_padded(plaintext);
  hash.add_padded(lengths);
  Secret<kGcmSivTag> tag = hash.sum();
  auto bytes = tag.expose_mutable();
  for (std::size_t i = 0; i < nonce.size(); ++i) bytes[i] ^= nonce[i];
  bytes[kBlock - 1] &= 0x7fU;
  cipher.encrypt(bytes);
  return tag;
}

// The counter is the tag with its top bit set; only its first four bytes count, little-endian, wrapping.
void apply_keystream(const Aes256& cipher, FixedView<kGcmSivTag> tag, ByteView from, MutableByteView to) {
  constexpr std::size_t kAtOnce = 64;
  Secret<kAtOnce * kBlock> stream;
  std::uint32_t counter = std::byteswap(load_be<std::uint32_t>(tag.first<4>()));
  while (!from.empty()) {
    std::size_t size = std::min(from.size(), stream.expose().size());
    auto blocks = stream.expose_mutable().first((size + kBlock - 1) / kBlock * kBlock);
    for (std::size_t at = 0; at < blocks.size(); at += kBlock) {
      auto block = Block(blocks.subspan(at, kBlock));
      std::ranges::copy(tag, block.begin());
      store_le32(counter++, block.first<4>());
      block[kBlock - 1] |= 0x80U;
    }
    cipher.encrypt(blocks);
    for (std::size_t i = 0; i < size; ++i) to[i] = from[i] ^ blocks[i];
    from = from.subspan(size);
    to = to.subspan(size);
  }
}

}  // namespace

void gcm_siv_seal(const GcmSivKey& key, const GcmSivNonce& nonce, ByteView associated, ByteView plaintext,
                  MutableByteView sealed) {
  NYM_CHECK(sealed.size() == plaintext.size() + kGcmSivTag);
  NYM_CHECK(plaintext.size() <= kLongest && associated.size() <= kLongest);
  MessageKeys keys = derive_keys(key, nonce);
  Aes256 cipher(keys.encryption);
  auto tag = tag_of(keys, cipher, nonce, associated, plaintext);
  apply_keystream(cipher, tag.expose(), plaintext, sealed.first(plaintext.size()));
  std::ranges::copy(tag.expose(), sealed.last<kGcmSivTag>().begin());
}

bool gcm_siv_open(const GcmSivKey& key, const GcmSivNonce& nonce, ByteView associated, ByteView sealed,
                  MutableByteView plaintext) {
  NYM_CHECK(sealed.size() == plaintext.size() + kGcmSivTag);
  NYM_CHECK(plaintext.size() <= kLongest && associated.size() <= kLongest);
  MessageKeys keys = derive_keys(key, nonce);
  Aes256 cipher(keys.encryption);
  auto tag = sealed.last<kGcmSivTag>();
  apply_keystream(cipher, tag, sealed.first(plaintext.size()), plaintext);
  if (equal(tag_of(keys, cipher, nonce, associated, plaintext).expose(), tag)) return true;
  wipe(plaintext);
  return false;
}

}  // namespace nym::crypto
