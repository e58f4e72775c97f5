#pragma once

#include <vector>

#include "engine/base/limits.h"
#include "engine/sphinx/packet.h"

namespace nym::relay {

enum class ReplayMode : std::uint8_t {
  reject,     ///< the same packet is processed once
  reference,  ///< as v1.1.29: no detection at all
};

/// Remembers the replay tags of packets seen in two generations: when the younger is full the older is forgotten, so a
/// replay is refused for at least `tags_per_generation` packets. Eight bytes of each tag are kept: a replay is never
/// missed, and a packet is taken for another one's with a probability below 2^-40, whoever chooses it, as tags depend
/// on secrets of their senders. 9 to 12 bytes a tag, grown on demand.
class ReplayFilter {
 public:
  explicit ReplayFilter(ReplayMode mode, std::size_t tags_per_generation = limits::kReplayTags);

  enum class Verdict : std::uint8_t { fresh, replayed };
  Verdict check_and_remember(const sphinx::ReplayTag& tag);

 private:
  /// Open addressing over numbers that are uniformly distributed already, in ascending order but for those that had to
  /// step aside, so that a larger table is filled from one end to the other.
  class TagSet {
   public:
    bool contains(std::uint64_t tag) const;
    /// False when it is there already.
    bool insert(std::uint64_t tag);
    std::size_t size() const { return size_; }

   private:
    std::size_t slot_of(std::uint64_t tag) const;
    void grow();
    std::vector<std::uint64_t> slots_;  ///< 0: free
    std::size_t size_ = 0;
  };

  ReplayMode mode_;
  std::size_t tags_per_generation_;
  TagSet current_;
  TagSet previous_;
};

}  // namespace nym::relay
