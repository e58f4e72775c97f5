#pragma once

#include <vector>

#include "engine/base/limits.h"
#include "engine/sphinx/packet.h"

namespace nym::relay {

enum class ReplayMode : std::uint8_t {
  reject,     ///< the same packet is processed once
  reference,  ///< as v1.1.29: no detection at all
};

/// Remembers the replay tags of packets seen, exactly, in two generations: when the younger is full the older is
/// forgotten, so a replay is refused for at least `tags_per_generation` packets. 21 to 43 bytes a tag, grown on demand.
class ReplayFilter {
 public:
  explicit ReplayFilter(ReplayMode mode, std::size_t tags_per_generation = limits::kReplayTags);

  enum class Verdict : std::uint8_t { fresh, replayed };
  Verdict check_and_remember(const sphinx::ReplayTag& tag);

 private:
  /// Open addressing over tags, which are uniformly distributed already.
  class TagSet {
   public:
    bool contains(const sphinx::ReplayTag& tag) const;
    /// False when it is there already.
    bool insert(const sphinx::ReplayTag& tag);
    std::size_t size() const { return size_; }

   private:
    std::size_t slot_of(const sphinx::ReplayTag& tag) const;
    void grow();
    std::vector<sphinx::ReplayTag> slots_;
    std::vector<bool> used_;
    std::size_t size_ = 0;
  };

  ReplayMode mode_;
  std::size_t tags_per_generation_;
  TagSet current_;
  TagSet previous_;
};

}  // namespace nym::relay
