#pragma once

// The plain functions, deprecated in favour of EVP: those copy a keyed state without an allocation, and every HMAC here
// starts from such a copy.
#include <openssl/sha.h>

#include <algorithm>

#include "engine/base/secret.h"

namespace nym::crypto {

/// Incremental SHA-256. Internal: callers outside crypto/ use hash.h, hmac.h and hkdf.h.
/// Only the compression is libcrypto's: a packet's hashes are of a block or two, and its bookkeeping around them takes
/// longer than they do.
class Sha256 {
 public:
  static constexpr std::size_t kBlock = SHA256_CBLOCK;
  static constexpr std::size_t kDigest = SHA256_DIGEST_LENGTH;

  Sha256() { SHA256_Init(&state_); }
  Sha256(const Sha256&) = default;
  Sha256& operator=(const Sha256&) = default;
  ~Sha256() { wipe({reinterpret_cast<std::uint8_t*>(this), sizeof *this}); }

  void update(ByteView message) {
    std::size_t filled = total_ % kBlock;
    total_ += message.size();
    if (filled > 0) {
      auto taken = message.first(std::min(message.size(), kBlock - filled));
      copy_to_waiting(filled, taken);
      if (filled + taken.size() < kBlock) return;
      SHA256_Transform(&state_, waiting_.data());
      message = message.subspan(taken.size());
    }
    for (; message.size() >= kBlock; message = message.subspan(kBlock)) SHA256_Transform(&state_, message.data());
    copy_to_waiting(0, message);
  }

  /// The object may not be updated afterwards.
  ByteArray<kDigest> finish() {
    constexpr std::uint8_t kEnd = 0x80;
    constexpr std::size_t kLength = 8;
    std::size_t filled = total_ % kBlock;
    waiting_[filled++] = kEnd;
    std::fill(waiting_.begin() + static_cast<std::ptrdiff_t>(filled), waiting_.end(), std::uint8_t{0});
    if (filled + kLength > kBlock) {
      SHA256_Transform(&state_, waiting_.data());
      waiting_.fill(0);
    }
    store_be(total_ * 8, std::span(waiting_).last<kLength>());
    SHA256_Transform(&state_, waiting_.data());
    ByteArray<kDigest> digest{};
    for (std::size_t i = 0; i < std::size(state_.h); ++i) {
      store_be(std::uint32_t{state_.h[i]}, std::span(digest).subspan(4 * i).first<4>());
    }
    return digest;
  }

 private:
  void copy_to_waiting(std::size_t at, ByteView bytes) {
    if (!bytes.empty()) std::memcpy(waiting_.data() + at, bytes.data(), bytes.size());
  }

  SHA256_CTX state_{};  // only what its compression changes is used
  ByteArray<kBlock> waiting_{};
  std::uint64_t total_ = 0;
};

}  // namespace nym::crypto
