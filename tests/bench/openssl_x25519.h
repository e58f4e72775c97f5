#pragma once

#include <openssl/evp.h>

#include <cstdlib>
#include <ctime>
#include <memory>

#include "engine/base/bytes.h"

namespace nym::bench {

/// The unit of all figures: one X25519 key agreement by OpenSSL, with keys that are ready.
class OpensslX25519 {
 public:
  void agree() {
    std::size_t size = shared_.size();
    bool good = EVP_PKEY_derive_init(context_.get()) == 1 &&
                EVP_PKEY_derive_set_peer(context_.get(), other_.get()) == 1 &&
                EVP_PKEY_derive(context_.get(), shared_.data(), &size) == 1;
    if (!good) std::abort();
  }

  /// Agreements in a second of this process's processor time, measured over about a tenth of one.
  double a_second() {
    constexpr std::clock_t kSlice = CLOCKS_PER_SEC / 10;
    double count = 0;
    auto began = std::clock();
    while (std::clock() - began < kSlice) {
      agree();
      ++count;
    }
    return count * CLOCKS_PER_SEC / static_cast<double>(std::clock() - began);
  }

 private:
  struct Free {
    void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
    void operator()(EVP_PKEY_CTX* context) const { EVP_PKEY_CTX_free(context); }
  };
  std::unique_ptr<EVP_PKEY, Free> own_{EVP_PKEY_Q_keygen(nullptr, nullptr, "X25519")};
  std::unique_ptr<EVP_PKEY, Free> other_{EVP_PKEY_Q_keygen(nullptr, nullptr, "X25519")};
  std::unique_ptr<EVP_PKEY_CTX, Free> context_{EVP_PKEY_CTX_new(own_.get(), nullptr)};
  ByteArray<32> shared_{};
};

}  // namespace nym::bench
