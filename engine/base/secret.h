#pragma once

#include <cstring>

#include "engine/base/bytes.h"

namespace nym {

/// Overwrites memory in a way that the optimiser keeps.
inline void wipe(MutableByteView bytes) {
  if (bytes.empty()) return;
  std::memset(bytes.data(), 0, bytes.size());
  __asm__ __volatile__("" : : "r"(bytes.data()) : "memory");
}

/// N bytes of key material: wiped when they go, never printed, compared only in constant time (crypto/constant_time.h).
template <std::size_t N>
class Secret {
 public:
  static constexpr std::size_t kSize = N;

  Secret() = default;
  explicit Secret(const ByteArray<N>& bytes) : bytes_(bytes) {}
  explicit Secret(FixedView<N> bytes) { std::memcpy(bytes_.data(), bytes.data(), N); }
  Secret(const Secret&) = default;
  Secret& operator=(const Secret&) = default;
  Secret(Secret&& other) noexcept : bytes_(other.bytes_) { wipe(other.bytes_); }
  Secret& operator=(Secret&& other) noexcept {
    if (this != &other) {
      bytes_ = other.bytes_;
      wipe(other.bytes_);
    }
    return *this;
  }
  ~Secret() { wipe(bytes_); }

  /// The bytes themselves, for the primitive that needs them.
  FixedView<N> expose() const { return FixedView<N>(bytes_); }
  std::span<std::uint8_t, N> expose_mutable() { return std::span<std::uint8_t, N>(bytes_); }

 private:
  ByteArray<N> bytes_{};
};

}  // namespace nym
