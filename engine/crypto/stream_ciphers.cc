#include "engine/crypto/stream_ciphers.h"

#include <openssl/evp.h>
#include <sodium.h>

#include <algorithm>
#include <memory>

#include "engine/base/check.h"
#include "engine/crypto/sodium_ready.h"

namespace nym::crypto {
namespace {

constexpr std::size_t kAesBlock = 16;
constexpr std::size_t kLongestCall = std::size_t{1} << 30U;  // libcrypto counts in int

struct FreeContext {
  void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};
using Context = std::unique_ptr<EVP_CIPHER_CTX, FreeContext>;

Context new_context() {
  Context context(EVP_CIPHER_CTX_new());
  NYM_CHECK(context != nullptr);
  NYM_CHECK(EVP_EncryptInit_ex(context.get(), EVP_aes_128_ctr(), nullptr, nullptr, nullptr) == 1);
  return context;
}

// Looking a cipher up costs more than a header's keystream, so each thread keeps one and only changes its key.
EVP_CIPHER_CTX* this_threads_context() {
  thread_local const Context context = new_context();
  return context.get();
}

void start(EVP_CIPHER_CTX* context, const std::uint8_t* key, const std::uint8_t* iv) {
  NYM_CHECK(EVP_EncryptInit_ex(context, nullptr, nullptr, key, iv) == 1);
}

// libcrypto's counter has 128 bits; none of the pieces that come here may carry out of the low 64.
void encrypt_without_carry(const Aes128Key& key, const Iv& iv, ByteView from, MutableByteView to) {
  EVP_CIPHER_CTX* context = this_threads_context();
  start(context, key.expose().data(), iv.data());
  while (!from.empty()) {
    auto count = std::min(from.size(), kLongestCall);
    int written = 0;
    NYM_CHECK(EVP_EncryptUpdate(context, to.data(), &written, from.data(), static_cast<int>(count)) == 1);
    from = from.subspan(count);
    to = to.subspan(count);
  }
  constexpr ByteArray<kAesBlock> kNothing{};
  start(context, kNothing.data(), kNothing.data());  // the context outlives the key
}

}  // namespace

void aes128_ctr(const Aes128Key& key, const Iv& iv, MutableByteView data) {
  aes128_ctr(key, iv, data, data);
}

void aes128_ctr(const Aes128Key& key, const Iv& iv, ByteView from, MutableByteView to) {
  NYM_CHECK(from.size() == to.size());
  std::uint64_t blocks_to_wrap = 0 - load_be<std::uint64_t>(FixedView<16>(iv).last<8>());  // 0 stands for 2^64
  std::uint64_t blocks = (from.size() + kAesBlock - 1) / kAesBlock;
  if (blocks_to_wrap == 0 || blocks <= blocks_to_wrap) return encrypt_without_carry(key, iv, from, to);
  auto head = static_cast<std::size_t>(blocks_to_wrap) * kAesBlock;
  Iv wrapped{};
  std::copy_n(iv.begin(), 8, wrapped.begin());
  encrypt_without_carry(key, iv, from.first(head), to.first(head));
  encrypt_without_carry(key, wrapped, from.subspan(head), to.subspan(head));
}

void chacha20(FixedView<32> key, MutableByteView data) {
  if (data.empty()) return;
  ensure_sodium_ready();
  constexpr ByteArray<crypto_stream_chacha20_NONCEBYTES> kNonce{};
  crypto_stream_chacha20_xor(data.data(), data.data(), data.size(), kNonce.data(), key.data());
}

}  // namespace nym::crypto
