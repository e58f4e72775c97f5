#pragma once

#include <cstdint>
#include <vector>

namespace nym::sim {

/// Operations that are to fail: the n-th of those to come, several at a time.
class Countdowns {
 public:
  void add(std::uint64_t n) { left_.push_back(n); }
  /// One operation happens: whether it is one of them.
  bool strike() {
    for (auto& n : left_) --n;
    return std::erase(left_, 0U) > 0;
  }

 private:
  std::vector<std::uint64_t> left_;
};

}  // namespace nym::sim
