#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace nym {

using Bytes = std::vector<std::uint8_t>;
using ByteView = std::span<const std::uint8_t>;
using MutableByteView = std::span<std::uint8_t>;
template <std::size_t N>
using ByteArray = std::array<std::uint8_t, N>;
template <std::size_t N>
using FixedView = std::span<const std::uint8_t, N>;

/// Unsigned integer at the front of `from`, most significant byte first.
template <std::unsigned_integral T>
constexpr T load_be(FixedView<sizeof(T)> from) {
  T value = 0;
  for (std::uint8_t byte : from) value = static_cast<T>(static_cast<T>(value << 8U) | byte);
  return value;
}

template <>
constexpr std::uint8_t load_be<std::uint8_t>(FixedView<1> from) {
  return from[0];
}

template <std::unsigned_integral T>
constexpr void store_be(T value, std::span<std::uint8_t, sizeof(T)> to) {
  for (std::size_t i = sizeof(T); i-- > 0;) {
    to[i] = static_cast<std::uint8_t>(value & 0xffU);
    if constexpr (sizeof(T) > 1) value = static_cast<T>(value >> 8U);
  }
}

template <std::unsigned_integral T>
constexpr ByteArray<sizeof(T)> to_be(T value) {
  ByteArray<sizeof(T)> out{};
  store_be(value, std::span(out));
  return out;
}

/// The first N bytes of a view that is known to hold them.
template <std::size_t N>
constexpr ByteArray<N> to_array(ByteView from) {
  ByteArray<N> out{};
  std::memcpy(out.data(), from.data(), N);
  return out;
}

inline Bytes to_bytes(ByteView from) {
  return {from.begin(), from.end()};
}
inline ByteView as_bytes(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}
inline std::string_view as_text(ByteView bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}
inline void append(Bytes& to, ByteView from) {
  to.insert(to.end(), from.begin(), from.end());
}

/// A cursor over bytes of unknown origin: every read may come back empty, none reads past the end.
class ByteReader {
 public:
  explicit constexpr ByteReader(ByteView bytes) : rest_(bytes) {}

  constexpr std::size_t remaining() const { return rest_.size(); }
  constexpr ByteView rest() const { return rest_; }

  constexpr std::optional<ByteView> take(std::size_t count) {
    if (rest_.size() < count) return std::nullopt;
    ByteView taken = rest_.first(count);
    rest_ = rest_.subspan(count);
    return taken;
  }

  template <std::size_t N>
  constexpr std::optional<ByteArray<N>> take_array() {
    auto taken = take(N);
    if (!taken) return std::nullopt;
    ByteArray<N> out{};
    for (std::size_t i = 0; i < N; ++i) out[i] = (*taken)[i];
    return out;
  }

  template <std::unsigned_integral T>
  constexpr std::optional<T> take_be() {
    auto taken = take(sizeof(T));
    if (!taken) return std::nullopt;
    return load_be<T>(taken->first<sizeof(T)>());
  }

 private:
  ByteView rest_;
};

/// Appends fields to a buffer.
class ByteWriter {
 public:
  ByteWriter() = default;
  explicit ByteWriter(std::size_t expected) { out_.reserve(expected); }

  ByteWriter& put(ByteView bytes) {
    append(out_, bytes);
    return *this;
  }
  template <std::unsigned_integral T>
  ByteWriter& put_be(T value) {
    return put(to_be(value));
  }
  ByteWriter& put_zeros(std::size_t count) {
    out_.resize(out_.size() + count);
    return *this;
  }
  /// What was written; the writer may not be used afterwards.
  Bytes finish() { return std::move(out_); }

 private:
  Bytes out_;
};

}  // namespace nym
