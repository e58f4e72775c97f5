#pragma once

#include <deque>

#include "engine/base/random.h"

namespace nym::test {

/// Gives out recorded bytes, then a fixed pattern. Forks give out the same.
class ScriptedRandom final : public RandomSource {
 public:
  explicit ScriptedRandom(Bytes script = {}) : script_(std::move(script)) {}

  void fill(MutableByteView out) override {
    for (auto& byte : out) {
      byte = position_ < script_.size() ? script_[position_] : static_cast<std::uint8_t>(position_ * 37 + 11);
      ++position_;
    }
  }
  std::unique_ptr<RandomSource> fork(std::string_view) override { return std::make_unique<ScriptedRandom>(script_); }

 private:
  Bytes script_;
  std::size_t position_ = 0;
};

}  // namespace nym::test
