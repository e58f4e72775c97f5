#pragma once

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>

namespace nym::sim {

/// A rolling hash of everything that happened, in order: equal for equal runs, whatever the machine, compiler or build.
class Fingerprint {
 public:
  template <std::integral T>
  void add(T value) {
    mix(static_cast<std::uint64_t>(value));
  }
  void add(std::string_view text);
  std::uint64_t value() const { return state_; }
  /// 16 hexadecimal digits.
  std::string to_string() const;

 private:
  void mix(std::uint64_t value);
  std::uint64_t state_ = 0x6e796d2d73696d31U;
};

}  // namespace nym::sim
