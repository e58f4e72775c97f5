#pragma once

#include <map>

#include "sim/record/observer.h"

namespace nym::sim {

/// How many frames are remembered at a time; the oldest are forgotten. A frame whose predecessor is forgotten counts as
/// one that nothing is known of.
inline constexpr std::size_t kRememberedFrames = std::size_t{1} << 18U;

/// Something about each of the latest frames.
template <class Value>
class FrameMap {
 public:
  const Value* find(FrameId id) const {
    auto found = values_.find(id);
    return found == values_.end() ? nullptr : &found->second;
  }
  Value* find(FrameId id) {
    auto found = values_.find(id);
    return found == values_.end() ? nullptr : &found->second;
  }
  void put(FrameId id, Value value) {
    values_.insert_or_assign(id, std::move(value));
    if (values_.size() > kRememberedFrames) values_.erase(values_.begin());
  }
  void erase(FrameId id) { values_.erase(id); }
  template <class Predicate>
  void erase_if(Predicate predicate) {
    for (auto next = values_.begin(); next != values_.end();) {
      auto current = next++;
      if (predicate(current->second)) values_.erase(current);
    }
  }
  std::size_t size() const { return values_.size(); }

 private:
  std::map<FrameId, Value> values_;
};

}  // namespace nym::sim
