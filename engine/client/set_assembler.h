#pragma once

#include <array>
#include <bitset>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "engine/base/blob.h"
#include "engine/base/time.h"
#include "engine/client/error.h"
#include "engine/wire/fragment.h"

namespace nym::client {

/// Bounds of what strangers can make a receiver keep. Bytes, counts.
struct ReassemblyLimits {
  std::size_t max_buffered_bytes = std::size_t{64} << 20U;  ///< in main memory, an allowance for bookkeeping included
  std::size_t max_spooled_bytes = std::size_t{4} << 30U;    ///< complete sets of messages that have several
  std::size_t max_sets = 65'536;
  std::size_t max_finished_sets = 262'144;
  Duration finished_time_to_live = Duration::hours(1);  ///< longer than a sender of ours tries again
  Duration time_to_live = Duration::minutes(20);  ///< since the last new fragment of a set, or of the sets it waits for
};

/// The padded bytes of one message and the sets that carried them, first set first.
struct AssembledBytes {
  Blob padded;
  std::vector<wire::SetId> sets;
};

/// Collects fragments into sets and linked sets into messages, in any order (02 §7). A complete set that is only a part
/// of its message waits in the spool. It knows nothing of sets that were finished before. Links are trusted in the
/// direction that they point to; every insertion takes logarithmic time, however long the chain of sets.
class SetAssembler {
 public:
  SetAssembler(ReassemblyLimits limits, Spool& spool) : limits_(limits), spool_(spool) {}

  /// Errors: malformed_fragment (a position beyond the set, links in a circle); reassembly_full.
  Result<std::optional<AssembledBytes>> insert(TimePoint now, const wire::FragmentHeader& header, ByteView data);

  /// Sets of one message that were given up.
  struct GivenUp {
    std::size_t sets = 0;
    std::size_t fragments = 0;
    std::size_t bytes = 0;
  };
  /// Forgets messages without progress for the time to live.
  std::vector<GivenUp> expire(TimePoint now);
  /// When the next set would expire; that may turn out to be postponed.
  std::optional<TimePoint> next_expiry() const;

  std::size_t buffered_bytes() const { return buffered_bytes_; }
  std::size_t spooled_bytes() const { return spooled_bytes_; }
  std::size_t open_sets() const { return sets_.size(); }
  std::uint64_t duplicates() const { return duplicates_; }

 private:
  enum Direction : std::uint8_t { kPrevious, kNext };

  /// What is known about the sets in one direction. `shortcut` is a complete set with nothing but complete sets on the
  /// way; it counts only while no set that some shortcut passes over has gone (`age`).
  struct Way {
    std::optional<wire::SetId> link;
    std::optional<wire::SetId> shortcut;
    std::uint64_t age = 0;
  };
  struct Part {
    std::uint8_t position = 0;
    Bytes data;
  };
  struct FragmentSet {
    std::uint8_t total = 0;
    bool passed_over = false;  ///< by somebody's shortcut
    std::bitset<256> present;
    std::size_t received = 0;              ///< fragments
    std::vector<Part> parts;               ///< as they came; none once spooled
    std::shared_ptr<SpoolRegion> spooled;  ///< of a complete set: all its data in order
    std::array<Way, 2> ways;
    std::size_t bytes = 0;  ///< in main memory
    TimePoint last_progress;
    TimePoint deadline;
    bool complete() const { return received == total; }
    bool is_linked() const { return ways[kPrevious].link || ways[kNext].link; }
    std::size_t content_size() const;
    /// Copies content_size() bytes.
    void copy_to(std::span<std::uint8_t> out) const;
  };
  using Sets = std::map<wire::SetId, FragmentSet>;

  /// How far complete sets reach from one of them.
  struct Reach {
    wire::SetId last;                        ///< the last complete one
    std::optional<wire::SetId> waiting_for;  ///< the set that it points to and that is not complete
    bool circular = false;
  };

  Result<Sets::iterator> find_or_open(const wire::FragmentHeader& header, std::size_t bytes);
  void store(TimePoint now, Sets::iterator set, const wire::FragmentHeader& header, ByteView data);
  Result<std::optional<AssembledBytes>> complete_message(Sets::iterator completed);
  std::optional<std::vector<wire::SetId>> order_from(wire::SetId head) const;
  void move_to_spool(FragmentSet& set);
  Result<std::optional<AssembledBytes>> take(std::vector<wire::SetId> order);
  Reach reach(wire::SetId from, Direction direction);
  const FragmentSet* find_complete(wire::SetId id) const;
  TimePoint last_progress_towards(wire::SetId set, Direction direction);
  void set_deadline(Sets::iterator set, TimePoint deadline);
  void forget_stale_shortcuts();
  GivenUp drop_chain(Sets::iterator set);
  void drop(Sets::iterator set);

  ReassemblyLimits limits_;
  Spool& spool_;
  Sets sets_;
  std::set<std::pair<TimePoint, wire::SetId>> deadlines_;
  std::uint64_t shortcut_age_ = 0;
  bool shortcuts_stale_ = false;
  std::size_t buffered_bytes_ = 0;
  std::size_t spooled_bytes_ = 0;
  std::uint64_t duplicates_ = 0;
};

}  // namespace nym::client
